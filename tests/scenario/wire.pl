#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# usage: wire.pl HOST:PORT TOKEN, the daemon's process in DAEMON
# To a daemon with max-body 4096 and request-timeout 2, which it stops at the
# end.  Prints TAP.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Socket qw(SOL_SOCKET SO_RCVBUF);
use Test::More;
use Time::HiRes qw(time sleep);

my ($host, $token) = @ARGV;
my $auth = "Authorization: Bearer $token\r\n";
my $h = "Host: x\r\n";
my $me = "GET /v1/me HTTP/1.1\r\n$h$auth\r\n";
my $post = "POST /v1/shelters HTTP/1.1\r\n$h${auth}Content-Type: application/json\r\n";
my $body = '{"name":"p","at":[120.1,30]}';
my $end = "Connection: close\r\n\r\n";
$SIG{PIPE} = 'IGNORE';

sub dial {
	my ($rcvbuf) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => $host, Timeout => 10)
	    // die "no connection: $!";
	setsockopt($s, SOL_SOCKET, SO_RCVBUF, $rcvbuf) if $rcvbuf;
	return $s;
}

# Until the other side closes, or $until matches; undef after a reset.
sub fetch {
	my ($s, $until, $seconds) = @_;
	my ($all, $end) = ('', time + ($seconds // 20));
	while (time < $end) {
		last if defined $until && $all =~ $until;
		next unless IO::Select->new($s)->can_read(0.2);
		my $n = $s->sysread($all, 65536, length $all);
		return undef unless defined $n;
		return $all if $n == 0;
	}
	return $all;
}
sub ended { # does the other side close within that time?
	my ($s, $seconds) = @_;
	return IO::Select->new($s)->can_read($seconds) && !$s->sysread(my $more, 65536);
}
sub awaits_log {
	my ($line, $end) = ($_[0], time + 20);
	while (time < $end) {
		open my $log, '<', $ENV{DAEMON_LOG} or die;
		return if grep { $_ =~ $line } <$log>;
		select undef, undef, undef, 0.01;
	}
	die 'the log does not say so';
}
sub statuses { return join ' ', ($_[0] // 'reset') =~ m{HTTP/1\.1 (\d+)}g }
sub whole { return qr/\r\n\r\n.*\}\n?\z/s }

# What is no request: a problem detail, and the end.
for ([ 400, 'noise', "\x16\x03\x01\x02\x00\r\n" ],
	[ 400, 'a bare LF', "GET /v1/me HTTP/1.1\n$h$auth\n" ],
	[ 400, 'no Host', "GET /v1/me HTTP/1.1\r\n$auth\r\n" ],
	[ 400, 'a folded line', "GET /v1/me HTTP/1.1\r\n${h}X: a\r\n b\r\n\r\n" ],
	[ 400, 'a length and chunks', "${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" ],
	[ 400, 'two lengths', "${post}Content-Length: 28\r\nContent-Length: 28\r\n\r\n$body" ],
	[ 400, 'two tokens', "GET /v1/me HTTP/1.1\r\n$h$auth$auth\r\n" ],
	[ 400, 'broken chunks', "${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n" ],
	[ 501, 'another coding', "${post}Transfer-Encoding: gzip\r\n\r\n" ],
	[ 505, 'another version', "GET /v1/me HTTP/3.0\r\n$h\r\n" ],
	[ 413, 'a length beyond numbers', "${post}Content-Length: 99999999999999999999\r\n\r\n" ],
	[ 414, 'a long target', 'GET /' . 'a' x 60000 . " HTTP/1.1\r\n$h\r\n" ],
	[ 431, 'a long field', "GET /v1/me HTTP/1.1\r\n${h}X: " . 'x' x 60000 . "\r\n\r\n" ],
	[ 431, 'many fields', "GET /v1/me HTTP/1.1\r\n$h" . "A: b\r\n" x 3000 . "\r\n" ]) {
	my ($status, $name, $bytes) = @$_;
	my $s = dial();
	$s->syswrite($bytes . $me);
	my $got = fetch($s) // 'reset';
	my ($json) = $got =~ /\r\n\r\n(.*)/s;
	my $problem = eval { decode_json($json // '') } // {};
	ok(statuses($got) eq $status && ($problem->{status} // 0) == $status
		&& $got =~ m{^Content-Type: application/problem\+json\r$}m
		&& $got =~ /^Connection: close\r$/m && ($problem->{detail} // '') ne '',
	    "$name: $status in a problem detail, and nothing after it")
	    or diag(substr $got, 0, 400);
}
my $s = dial();
$s->syswrite("BREW /v1/me HTTP/1.1\r\n${h}\r\n$me");
my $got = fetch($s, qr/200 OK.*\}/s);
ok(statuses($got) eq '405 200' && $got =~ /^Allow: GET/m, 'an unknown method is told what there is');

# Before the body is read.
$s = dial();
$s->syswrite("POST /v1/shelters HTTP/1.1\r\n${h}Content-Type: application/json\r\nContent-Length: 28\r\n\r\n");
is(statuses(fetch($s, whole())), 401, 'no token: told before the body is sent');
$s->syswrite($body . $me);
is(statuses(fetch($s, whole())), 200, 'the short body is passed over, the connection kept');
for (['POST /v1/shelters', 401, ''], ['POST /v1/shelters', 413, $auth], ['POST /v1/nothing', 404, $auth],
	['PUT /v1/me', 405, $auth]) {
	my ($line, $status, $with) = @$_;
	$s = dial();
	$s->syswrite("$line HTTP/1.1\r\n$h${with}Content-Type: application/json\r\nContent-Length: 800000\r\n\r\n");
	$s->syswrite('x' x 400000);
	$got = fetch($s, whole(), 5);
	ok(statuses($got) eq $status && $got =~ /^Connection: close/m,
	    "$line with a long body: $status at once, and not lost in a reset")
	    or diag(substr $got // 'reset', 0, 400);
}
$s = dial();
$s->syswrite("${post}Transfer-Encoding: chunked\r\n\r\n");
$s->syswrite("400\r\n" . ' ' x 1024 . "\r\n") for 1 .. 5;
is(statuses(fetch($s)), 413, 'chunks are counted while they come');
$s = dial();
$s->syswrite("POST /v1/shelters HTTP/1.1\r\n${h}Authorization: Bearer no\r\nExpect: 100-continue\r\n"
    . "Content-Type: application/json\r\nContent-Length: 28\r\n\r\n");
is(statuses(fetch($s)), 401, 'who asks first and may not hears so');
$s = dial();
$s->syswrite("${post}Expect: 100-continue\r\nContent-Length: 28\r\n\r\n");
is(statuses(fetch($s, qr/\r\n\r\n/)), 100, 'who asks first and may is told to go on');
$s->syswrite($body);
is(statuses(fetch($s, whole())), 201, 'and does');

# Order, however requests come.
my $many = join '', map { ("GET /v1/jobs/$_ HTTP/1.1\r\n$h$auth\r\n",
	"${post}Content-Length: 28\r\n\r\n$body", "GET /v1/stats HTTP/1.1\r\n$h$auth\r\n") } 1 .. 40;
for my $cut (1, 7, 1000, 100000) {
	$s = dial();
	$s->syswrite($_) for unpack "(a$cut)*", $cut == 1 ? substr($many, 0, 3000) : $many;
	$s->shutdown(1);
	$got = fetch($s) // 'reset';
	my $n = $cut == 1 ? scalar(() = substr($many, 0, 3000) =~ m{GET /v1/jobs.*?\r\n\r\n}sg) : 40;
	my @seen = $got =~ /no job (\d+)/g;
	is("@seen", join(' ', 1 .. $n), "in order, cut every $cut bytes");
	is(statuses($got), join(' ', ('404 201 200') x 40), 'and all of them, though it will say no more')
	    if $cut > 1;
}

# Many at once, each with numbers of its own, answered by the loop and by a
# lane in turns: nobody gets another's answer.
my @all = map { dial() } 1 .. 50;
for my $round (1 .. 20) {
	for my $i (0 .. $#all) {
		my $k = $round * 100000 + $i * 1000;
		$all[$i]->syswrite(join '', map { ("GET /v1/jobs/" . ($k + $_) . " HTTP/1.1\r\n$h$auth\r\n",
			"GET /v1/shelters/" . ($k + $_) . " HTTP/1.1\r\n$h$auth\r\n") } 1 .. 10);
	}
	for my $i (0 .. $#all) {
		my $k = $round * 100000 + $i * 1000;
		my $last = $k + 10;
		my $got = fetch($all[$i], qr/no shelter $last\b.*\}/s) // 'reset';
		my @seen = $got =~ /no (?:job|shelter) (\d+)/g;
		my $wanted = join ' ', map { ($k + $_) x 2 } 1 .. 10;
		ok("@seen" eq $wanted, "round $round: each its own") or diag("@seen, not $wanted")
		    if "@seen" ne $wanted || $i == $#all;
	}
}
close $_ for splice @all;

# Answers that are not fetched, and others meanwhile.
$s = dial(65536);
my $big = "GET /openapi.json HTTP/1.1\r\n$h\r\n";
my $one = do { my $t = dial(); $t->syswrite($big =~ s/\r\n\z/$end/r); length fetch($t) };
my $n = 60;
$s->syswrite($big x ($n - 1) . $big =~ s/\r\n\z/$end/r);
my $t = dial();
$t->syswrite($me);
is(statuses(fetch($t, whole(), 2)), 200, 'who does not fetch his answers holds up nobody');
my @lengths = map { length } split m{(?=HTTP/1\.1 200 )}, fetch($s) // '';
ok(@lengths == $n && !(grep { abs($_ - $one) > 40 } @lengths), "and gets all $n whole when he does")
    or diag(scalar(@lengths) . " of $n, $one: @lengths");

# Nobody waits for ever: request-timeout is 2 seconds.
my ($idle, $slow, $body_slow, $deaf) = map { dial($_ == 4 ? 4096 : 0) } 1 .. 4;
$idle->syswrite($me);
is(statuses(fetch($idle, whole())), 200, 'a connection is kept');
$deaf->blocking(0);
$deaf->syswrite($big x 400);
$body_slow->syswrite("${post}Content-Length: 28\r\n\r\n");
my $begun = time;
my @rest = split //, $body;
my ($slow_end, $idle_end);
while (time < $begun + 7) {
	$slow->syswrite('G') unless $slow_end;
	$body_slow->syswrite(splice @rest, 0, 1) if @rest > 15 || time > $begun + 5;
	$slow_end //= time if ended($slow, 0.01);
	$idle_end //= time if ended($idle, 0.01);
	sleep 0.35; # the pace of the slow ones, not a wait
}
ok($idle_end && $idle_end - $begun > 1.5, 'and closed when it is silent');
ok($slow_end, 'a head must come whole in time');
$body_slow->syswrite(join '', @rest);
is(statuses(fetch($body_slow, whole())), 201, 'a body may be slow, if it comes');
$deaf->blocking(1);
$got = fetch($deaf, undef, 10);
ok(!defined $got || $got !~ /\}\s*\z/ || (() = $got =~ m{HTTP/1\.1 200}g) < 400,
    'who fetches nothing is cut');

# Small courtesies.
$s = dial();
$s->syswrite("\r\nGET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
$got = fetch($s, whole());
like($got, qr/^Connection: keep-alive\r$/m, 'HTTP/1.0 is kept when it asks');
like($got, qr/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r$/m, 'answers are dated');
$s->syswrite("HEAD /healthz HTTP/1.1\r\n$h$end");
$got = fetch($s);
ok($got =~ /^Content-Length: [1-9]/m && $got =~ /\r\n\r\n\z/, 'HEAD has a length and no body');

# An answer half fetched when the daemon stops.
$s = dial(4096);
$s->syswrite("${big}GET /openapi.json HTTP/1.1\r\n$h$end");
IO::Select->new($s)->can_read(20);
kill TERM => $ENV{DAEMON};
awaits_log(qr/ stopping /);
$got = fetch($s);
ok(length($got // '') > $one / 2 && $got =~ /\}\n?\z/, 'is fetched to its end');
done_testing();
