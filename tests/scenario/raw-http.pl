#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# usage: raw-http.pl HOST:PORT TOKEN
# HTTP as no library would send it, to a daemon with max-body 4096 and
# max-connections 40.  Prints TAP.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;

my ($host, $token) = @ARGV;
my $auth = "Authorization: Bearer $token\r\n";
my $end = "Connection: close\r\n\r\n";
$SIG{PIPE} = 'IGNORE';

sub dial {
	return IO::Socket::INET->new(PeerAddr => $host, Timeout => 10)
	    // die "no connection: $!";
}

# Sends the pieces and reads until the other side closes.
sub talk {
	my $s = dial();
	$s->syswrite($_) for @_;
	return drain($s);
}

sub drain {
	my ($s, $seconds) = @_;
	my ($all, $until) = ('', time + ($seconds // 20));
	my $wait = IO::Select->new($s);
	while (time < $until && $wait->can_read(1 + $until - time)) {
		last unless $s->sysread(my $more, 65536);
		$all .= $more;
	}
	return $all;
}

sub statuses { return join ' ', $_[0] =~ m{HTTP/1\.[01] (\d+)}g }

sub answers {
	my ($name, $wanted, @pieces) = @_;
	my $got = talk(@pieces);
	ok(statuses($got) =~ /^(?:$wanted)$/, $name)
	    or diag(substr($got, 0, 300));
	return $got;
}

# Methods and the shape of a request.
my $head = answers('HEAD is answered', 200, "HEAD /v1/me HTTP/1.1\r\nHost: x\r\n$auth$end");
my $get = answers('as GET', 200, "GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth$end");
my ($body) = $get =~ /\r\n\r\n(.*)/s;
ok($head =~ /\r\n\r\n$/ && $head =~ /Content-Length: (\d+)/i && $1 == length $body,
    'without its body, with its length');
answers('HTTP/1.0 is served', 200, "GET /v1/me HTTP/1.0\r\n$auth\r\n");
answers('an absolute target is served', 200,
    "GET http://x/v1/me HTTP/1.1\r\nHost: x\r\n$auth$end");
answers('noise is refused', '400|', "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n");
answers('a request without a target is refused', '400|', "GET\r\n\r\n");
answers('an unknown method is refused', '405|501', "BREW / HTTP/1.1\r\nHost: x\r\n$end");
answers('a wrong length is refused', '400|',
    "POST /v1/shelters HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n$auth$end");
answers('a negative length is refused', '400|',
    "POST /v1/shelters HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n$auth$end");
answers('TRACE tells nothing', '405', "TRACE / HTTP/1.1\r\nHost: x\r\n$auth$end");
answers('a token in two halves is none', '401',
    "GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n$end");

# One connection, several requests.
answers('keep-alive: three in a row', '200 200 200',
    ("GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth\r\n") x 2,
    "GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth$end");
my $all = talk(join '', (map { "GET /v1/jobs/$_ HTTP/1.1\r\nHost: x\r\n$auth\r\n" } 1 .. 30),
    "GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth$end");
is(join(' ', $all =~ /no job (\d+)/g), join(' ', 1 .. 30), 'pipelined: answered in order');
answers('pipelined over all lanes', '200 201 200 200',
    "GET /v1/stats HTTP/1.1\r\nHost: x\r\n$auth\r\n"
    . "POST /v1/shelters HTTP/1.1\r\nHost: x\r\n${auth}Content-Type: application/json\r\n"
    . "Content-Length: 29\r\n\r\n" . '{"name":"p","at":[120.1,30]} '
    . "GET /v1/coverage?radius=200 HTTP/1.1\r\nHost: x\r\n$auth\r\n"
    . "GET /healthz HTTP/1.1\r\nHost: x\r\n$end");

# Bodies.
my $post = "POST /v1/shelters HTTP/1.1\r\nHost: x\r\n${auth}Content-Type: application/json\r\n";
answers('a body in chunks', 201, "${post}Transfer-Encoding: chunked\r\n$end",
    "5\r\n{\"nam\r\n", "1\r\ne\r\n", "13\r\n\":\"c\",\"at\":[120,30]\r\n", "1\r\n}\r\n0\r\n\r\n");
answers('a wrong chunk size is refused', '400|413|',
    "${post}Transfer-Encoding: chunked\r\n$end", "zz\r\n{}\r\n0\r\n\r\n");
answers('an endless chunk is refused', '400|413|',
    "${post}Transfer-Encoding: chunked\r\n$end", "7fffffffffffffff\r\n{}\r\n");
answers('a body byte by byte', 201, "${post}Content-Length: 28\r\n$end",
    split //, '{"name":"p","at":[120.1,30]}');
answers('Expect: 100-continue', '(?:100 )?201', "${post}Expect: 100-continue\r\n"
    . "Content-Length: 28\r\n$end", '{"name":"p","at":[120.1,30]}');
my $big = '{"name":"' . 'n' x 5000 . '"}';
like(answers('a body above the bound is refused', 413,
    "${post}Content-Length: " . length($big) . "\r\n$end", $big),
    qr{application/problem\+json}, 'with a problem detail');
answers('a length above every bound is refused unread', '413|',
    "${post}Content-Length: 999999999999\r\n$end");
answers('no body where one is needed', 400, "${post}Content-Length: 0\r\n$end");

# Headers.
answers('long headers are refused', '400|431|',
    "GET /v1/me HTTP/1.1\r\nHost: x\r\nX: " . 'x' x 40000 . "\r\n$auth$end");
answers('many headers are refused', '400|431|',
    "GET /v1/me HTTP/1.1\r\nHost: x\r\n" . "A: b\r\n" x 10000 . "$auth$end");
answers('a long target is refused', '400|414|404|',
    'GET /' . 'a' x 40000 . " HTTP/1.1\r\nHost: x\r\n$end");
my $inject = talk("GET /v1/nothing%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\n$end");
unlike($inject, qr/^Set-Cookie/mi, 'a target adds no header to the answer');
for my $field ('Last-Event-ID: x', 'Last-Event-ID: -1', 'Last-Event-ID: 99999999999999999999') {
	answers("$field is refused", 400,
	    "GET /v1/events HTTP/1.1\r\nHost: x\r\n${auth}Accept: text/event-stream\r\n$field\r\n$end");
}

# Clients that leave, or hardly come.
for my $part ("GET /v1", "GET /v1/me HTTP/1.1\r\nHo", "${post}Content-Length: 28\r\n\r\n{\"na") {
	dial()->syswrite($part);
}
for (1 .. 20) { # with a reset, before the answer can be sent
	my $s = dial();
	setsockopt($s, SOL_SOCKET, SO_LINGER, pack('II', 1, 0));
	$s->syswrite($_ % 2 ? "GET /v1/coverage?radius=" . (200 + $_) . " HTTP/1.1\r\nHost: x\r\n$auth\r\n"
	    : "${post}Content-Length: 28\r\n\r\n" . '{"name":"r","at":[120.1,30]}');
	close $s;
}
my $slow = dial();
$slow->syswrite("GET /v1/me HTTP/1.1\r\nHost: x\r\n");
answers('others are served meanwhile', 200, "GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth$end");
$slow->syswrite("$auth$end");
is(statuses(drain($slow)), 200, 'a slow client too');

# More connections than allowed: refused in words, and only as long as needed.
my @many = map { dial() } 1 .. 60;
$_->syswrite("GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth\r\n") for @many;
my %seen;
for my $s (@many) {
	my $got = '';
	my $wait = IO::Select->new($s);
	while ($got !~ /\r\n\r\n.*\}/s && $wait->can_read(20)) {
		last unless $s->sysread(my $more, 4096);
		$got .= $more;
	}
	$seen{statuses($got)}++;
}
ok($seen{200} && $seen{503} && $seen{200} + $seen{503} == 60 && $seen{200} <= 41,
    'connections above the bound are told so') or diag(explain(\%seen));
close $_ for @many;
my $again;
for (1 .. 50) { # the closings reach the daemon in their time
	$again = statuses(talk("GET /v1/me HTTP/1.1\r\nHost: x\r\n$auth$end"));
	last if $again eq '200';
}
is($again, 200, 'and served when there is room');
done_testing();
