# SPDX-License-Identifier: MIT
# HTTP::Tiny sends a request's head and its body in two writes; without
# TCP_NODELAY the second waits for a delayed acknowledgement, 40 ms each time.
package nodelay;
use strict;
use warnings;
use HTTP::Tiny;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

my $connect = \&HTTP::Tiny::Handle::connect;
no warnings 'redefine';
*HTTP::Tiny::Handle::connect = sub {
	my $handle = $connect->(@_);
	setsockopt($handle->{fh}, IPPROTO_TCP, TCP_NODELAY, 1);
	return $handle;
};
1;
