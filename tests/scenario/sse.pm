# SPDX-License-Identifier: MIT
# For the stream scenario: a reader of Server-Sent Events by hand, so that
# what a client does (leave, sleep, resume) is under the test's control.
package sse;
use strict;
use warnings;
use HTTP::Tiny;
use nodelay;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Socket qw(SOL_SOCKET SO_RCVBUF);

our $json = JSON::PP->new->utf8->canonical;
our $http = HTTP::Tiny->new(timeout => 60);

# token, since (query), last (header), rcvbuf
sub open {
	my ($class, $url, %o) = @_;
	my ($host) = $url =~ m{^http://(.*)};
	my $s = IO::Socket::INET->new(PeerAddr => $host, Timeout => 20) // return undef;
	setsockopt($s, SOL_SOCKET, SO_RCVBUF, $o{rcvbuf}) if $o{rcvbuf};
	my $query = defined $o{since} ? "?since=$o{since}" : '';
	my $last = defined $o{last} ? "Last-Event-ID: $o{last}\r\n" : '';
	$s->syswrite("GET /v1/events$query HTTP/1.1\r\nHost: x\r\n"
	    . "Authorization: Bearer $o{token}\r\nAccept: text/event-stream\r\n$last\r\n");
	return bless { s => $s, raw => '', text => '', events => [], frames => [],
		pings => 0, headers => undef }, $class;
}

# Reads once, at most that long; false at the end of the stream.
sub more {
	my ($self, $seconds) = @_;
	return 0 if $self->{ended};
	return 1 unless IO::Select->new($self->{s})->can_read($seconds);
	my $n = $self->{s}->sysread($self->{raw}, 65536, length $self->{raw});
	$self->{ended} = 1 unless $n;
	$self->take;
	return !$self->{ended};
}

sub take {
	my ($self) = @_;
	if (!defined $self->{headers}) {
		return unless $self->{raw} =~ s/^(.*?\r\n)\r\n//s;
		$self->{headers} = $1;
		($self->{status}) = $1 =~ m{^HTTP/1.1 (\d+)};
	}
	while ($self->{raw} =~ /^([0-9a-f]+)\r\n/i) {
		my ($len, $skip) = (hex $1, $+[0]);
		last if length $self->{raw} < $skip + $len + 2;
		$self->{whole} = 1 if $len == 0;
		$self->{text} .= substr $self->{raw}, $skip, $len;
		substr($self->{raw}, 0, $skip + $len + 2) = '';
	}
	while ($self->{text} =~ s/^(.*?)\n\n//s) {
		my $frame = $1;
		$self->{pings}++ if $frame =~ /^: ping/;
		my ($data) = $frame =~ /^data: (.*)$/m;
		next unless defined $data;
		my ($id) = $frame =~ /^id: (\d+)$/m;
		my ($kind) = $frame =~ /^event: (.*)$/m;
		my $body = $json->decode($data);
		$body->{_line} = $data;
		push @{ $self->{ defined $id ? 'events' : 'frames' } }, $body;
		$self->{wrong} = $frame if defined $id
		    && ($body->{id} != $id || $body->{kind} ne $kind);
	}
}

# Until that id has come, or the stream or the time ends.
sub until_id {
	my ($self, $id, $seconds) = @_;
	my $end = time + ($seconds // 30);
	while ($self->last < $id && time < $end && $self->more(1)) { }
	return $self->last >= $id;
}

sub until_end {
	my ($self, $seconds) = @_;
	my $end = time + ($seconds // 30);
	while (time < $end && $self->more(1)) { }
	return $self->{ended};
}

sub last { my $e = $_[0]{events}[-1]; return $e ? $e->{id} : 0 }
sub ids { return map { $_->{id} } @{ $_[0]{events} } }

sub call {
	my ($url, $token, $method, $path, $body) = @_;
	my %o = (headers => { authorization => "Bearer $token" });
	if (defined $body) {
		$o{content} = ref $body ? $json->encode($body) : $body;
		$o{headers}{'content-type'} = 'application/json';
	}
	my $r = $http->request($method, $url . $path, \%o);
	my $answer = eval { $json->decode($r->{content}) } // {};
	return wantarray ? ($r->{status}, $answer) : $answer;
}
1;
