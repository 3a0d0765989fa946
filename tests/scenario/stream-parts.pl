#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# usage: stream-parts.pl PART URL FOLDER, tokens and ids in the environment
# The parts of the stream scenario; each prints TAP and can run alone.
use strict;
use warnings;
use Test::More;
use sse;

my ($part, $url, $dir) = @ARGV;
my $admin = $ENV{ADMIN};

sub head { return sse::call($url, $admin, 'GET', '/v1/stats')->{last_event} }

sub add { # a write that everybody hears of
	my ($name, $at) = @_;
	return scalar sse::call($at // $url, $admin, 'POST', '/v1/shelters',
	    { name => $name, at => [ 123.4, 29.9 ], places => 1 });
}

# Writers in processes of their own; returns what to wait for.
sub writers {
	my ($processes, $each, $note) = @_;
	return map {
		my $pid = fork // die "fork: $!";
		if ($pid == 0) {
			add("w$_" . ($note // '')) for 1 .. $each;
			exit 0;
		}
		$pid;
	} 1 .. $processes;
}
sub join_all { waitpid $_, 0 for @_ }

# The log from `since` as a list says it.
sub logged {
	my ($since, $token) = @_;
	my @all;
	while (defined $since) {
		my $page = sse::call($url, $token // $admin, 'GET',
		    "/v1/events?since=$since&limit=10000");
		push @all, @{ $page->{items} };
		$since = $page->{next};
	}
	return @all;
}
sub ids_of { return join ' ', map { $_->{id} } @_ }
sub row { my ($from, $to) = @_; return join ' ', $from .. $to }

my %parts = (
	live => sub {
		my $before = head();
		my $s = sse->open($url, token => $admin);
		$s->more(5) until $s->{headers};
		is($s->{status}, 200, 'a stream opens');
		like($s->{headers}, qr{^Content-Type: text/event-stream\r$}m, 'of its type');
		my @pids = writers(4, 25);
		ok($s->until_id($before + 100), 'everything comes');
		join_all(@pids);
		is(join(' ', $s->ids), row($before + 1, $before + 100), 'once, in order');
		ok(!$s->{wrong}, 'ids and kinds of frame and event agree');
		# A frame's data is the exported line, whose hash can be checked.
		my ($line) = $s->{events}[7]{_line};
		my $raw = $sse::http->get("$url/v1/events?since=" . ($before + 7) . '&limit=1',
		    { headers => { authorization => "Bearer $admin" } })->{content};
		ok(index($raw, $line) > 0, 'its bytes are those of the list');
	},
	resume => sub {
		my ($since, @got) = (head());
		my $from = $since;
		my @pids = writers(3, 40);
		my $cuts = 0;
		while ($since < $from + 120 && $cuts++ < 200) {
			my $s = sse->open($url, token => $admin,
			    ($cuts % 2 ? 'last' : 'since') => $since);
			my $want = $since + 1 + int rand 9;
			$s->until_id($want < $from + 120 ? $want : $from + 120, 20);
			push @got, $s->ids;
			$since = $s->last || $since;
		}
		join_all(@pids);
		is(join(' ', @got), row($from + 1, $from + 120),
		    'leaving and resuming leaves no gap and repeats nothing');
		ok($cuts > 10, "over $cuts streams");
	},
	many => sub {
		my $before = head();
		my @all = map { sse->open($url, token => $admin) } 1 .. 100;
		for my $s (@all) { $s->more(5) until $s->{headers} || $s->{ended} }
		is((grep { $_->{status} == 200 } @all), 100, 'a hundred streams');
		my @pids = writers(2, 20);
		$_->until_id($before + 40) for @all;
		join_all(@pids);
		my %seen = map { join(' ', $_->ids) => 1 } @all;
		is_deeply([ keys %seen ], [ row($before + 1, $before + 40) ],
		    'all get the same, whole');
	},
	slow => sub {
		my $before = head();
		my $s = sse->open($url, token => $admin, rcvbuf => 4096);
		$s->more(5) until $s->{headers};
		# More than stream-buffer and the sockets hold; then it takes
		# two pings without progress until it is cut.
		my ($written, $cut, $deadline) = (0, 0, time + 20);
		add("x" x 3000 . ++$written) for 1 .. 200;
		until ($cut || time > $deadline) {
			my $metrics = $sse::http->get("$url/metrics")->{content};
			($cut) = $metrics =~ /streams_closed_total\{reason="slow"\} (\d+)/;
			select undef, undef, undef, 0.05;
		}
		ok($cut, "who does not read is cut (after $written events)");
		my $after = head();
		$s->until_end(20);
		my @got = $s->ids;
		my $again = sse->open($url, token => $admin, last => $s->last || $before);
		$again->until_id($after);
		push @got, $again->ids;
		is(join(' ', @got), row($before + 1, $after), 'and resumes without loss');
	},
	ahead => sub {
		my $s = sse->open($url, token => $admin, last => head() + 1000);
		$s->more(5) until $s->{headers};
		is($s->{status}, 200, 'an id ahead of the head is no error');
		my $before = head();
		add('next');
		ok($s->until_id($before + 1, 10), 'it waits');
		is(join(' ', $s->ids), $before + 1, 'and gets the next');
	},
	past => sub {
		my $after = head();
		my $s = sse->open($url, token => $admin, since => 0);
		ok($s->until_id($after), 'from the beginning to the head');
		is(join(' ', $s->ids), row(1, $after), 'in order');
		my @list = logged(0);
		is(join(' ', map { $_->{hash} } @{ $s->{events} }),
		    join(' ', map { $_->{hash} } @list), 'as the list has it');
	},
	ping => sub {
		my $s = sse->open($url, token => $admin);
		my $end = time + 10;
		$s->more(1) while time < $end && $s->{pings} < 2;
		ok($s->{pings} >= 2, 'silence is pinged through');
	},
	revoked => sub {
		my (undef, $made) = sse::call($url, $admin, 'POST',
		    "/v1/users/$ENV{KAN_ID}/tokens", { label => 'brief' });
		my $s = sse->open($url, token => $made->{token});
		$s->more(5) until $s->{headers};
		is($s->{status}, 200, 'open while the token is good');
		my ($st) = sse::call($url, $admin, 'DELETE', "/v1/tokens/$made->{id}");
		is($st, 204, 'the token ends');
		ok($s->until_end(10), 'and so does the stream');
		ok($s->{whole}, 'whole');
		my $t = sse->open($url, token => $made->{token});
		$t->more(5) until $t->{headers} || $t->{ended};
		is($t->{status}, 401, 'no other is opened');
		my $u = sse->open($url, token => $ENV{KAN});
		$u->more(5) until $u->{headers};
		my $version = sse::call($url, $admin, 'GET', '/v1/users')->{items};
		($version) = grep { $_->{id} == $ENV{KAN_ID} } @$version;
		my $r = $sse::http->request('PATCH', "$url/v1/users/$ENV{KAN_ID}", {
			headers => { authorization => "Bearer $admin",
				'if-match' => "\"$version->{version}\"",
				'content-type' => 'application/json' },
			content => '{"disabled":true}' });
		is($r->{status}, 200, 'an account is disabled');
		ok($u->until_end(10), 'its streams end');
	},
	roles => sub {
		my $before = head();
		my %token = (admin => $admin, coordinator => $ENV{CHEN}, li => $ENV{LI},
			wang => $ENV{WANG}, jia => $ENV{JIA}, yi => $ENV{YI}, kan => $ENV{KAN});
		my %s = map { $_ => sse->open($url, token => $token{$_}) } keys %token;
		for my $s (values %s) { $s->more(5) until $s->{headers} }
		my $task = sub {
			my ($shelter, $who) = @_;
			return scalar sse::call($url, $token{coordinator}, 'POST', '/v1/tasks',
			    { kind => 'inspection', shelter => $shelter + 0,
				assignee => $who + 0, due => '2027-01-01T00:00:00Z' });
		};
		my $fail = sub {
			my ($shelter, $op) = @_;
			my $items = sse::call($url, $admin, 'GET', '/v1/checklist')->{items};
			my ($door) = grep { $_->{effect} ne 'none' } @$items;
			return scalar sse::call($url, $token{li}, 'POST', '/v1/inspections',
			    { op => "00000000-0000-4000-8000-$op", shelter => $shelter + 0,
				at => '2026-01-05T08:00:00Z', findings =>
				    [ { item => $door->{id}, result => 'fail', factor => 0.5 } ] });
		};
		$task->($ENV{A}, $ENV{LI_ID});
		$task->($ENV{A}, $ENV{WANG_ID});
		my $hidden = $task->($ENV{H}, $ENV{LI_ID});
		my $a = $fail->($ENV{A}, '000000000001');
		my $b = $fail->($ENV{B}, '000000000002');
		sse::call($url, $token{coordinator}, 'POST', "/v1/notices/$_->{notice}/issue",
		    { deadline => '2027-01-01T00:00:00Z' }) for grep { $_->{notice} } $a, $b;
		my ($st, $r) = sse::call($url, $admin, 'GET', "/v1/shelters/$ENV{H}");
		my $patch = $sse::http->request('PATCH', "$url/v1/shelters/$ENV{H}", {
			headers => { authorization => "Bearer $admin", 'content-type' => 'application/json',
				'if-match' => "\"$r->{version}\"" }, content => '{"places":31}' });
		is($patch->{status}, 200, 'a hidden work changes');
		add('the last');
		my $after = head();
		$_->until_id($after) for values %s;
		is(ids_of(@{ $s{admin}{events} }), row($before + 1, $after), 'the office sees all');
		is(ids_of(@{ $s{$_}{events} }), ids_of(logged($before, $token{$_})),
		    "$_: the stream shows what the list shows") for sort keys %s;
		my $about = sub { # events of a stream that mention the hidden work
			return grep { $_->{_line} =~ /指挥所/ || $_->{scope}{hidden}
			    || ($_->{body}{shelter} // 0) eq $ENV{H}
			    || ($_->{noun} eq 'shelter' && $_->{noun_id} == $ENV{H}) }
			    @{ $s{ $_[0] }{events} };
		};
		ok(scalar($about->('coordinator')), 'a coordinator sees hidden works');
		is(scalar($about->($_)), 0, "$_ sees nothing of them") for qw(wang jia yi kan);
		my $tasks = sub {
			my ($who, $mine) = @_;
			return grep { $_->{noun} eq 'task' && ($_->{scope}{user} // 0) != $mine }
			    @{ $s{$who}{events} };
		};
		is(scalar($tasks->('li', $ENV{LI_ID})), 0, 'an inspector hears of own tasks only');
		is(scalar($tasks->('wang', $ENV{WANG_ID})), 0, 'so does the other');
		ok((grep { $_->{noun} eq 'task' } @{ $s{wang}{events} }), 'of those they do');
		my $notices = sub { join ' ', map { $_->{scope}{org} }
			    grep { $_->{noun} eq 'notice' } @{ $s{ $_[0] }{events} } };
		is($notices->('jia'), "\x{7532}\x{7269}\x{4e1a}", 'a unit hears of its notice');
		is($notices->('yi'), "\x{4e59}\x{7269}\x{4e1a}", 'the other of its own');
	},
	death => sub {
		my $from = head();
		my $pid = fork // die;
		if ($pid == 0) { # writes until it has 60 answers, dead or not
			my $done = 0;
			for (my $i = 0; $done < 60; $i++) {
				my ($st) = sse::call($url, $admin, 'POST', '/v1/shelters',
				    { name => "d$i", at => [ 123.4, 29.9 ] });
				$done++ if $st == 201;
				select undef, undef, undef, 0.02 if $st != 201;
				if ($done == 20) { open my $f, '>', "$dir/halfway" }
			}
			exit 0;
		}
		my ($since, @got, $ended) = ($from);
		my $until = time + 60;
		my $target;
		while (time < $until && !(defined $target && $since >= $target)) {
			my $s = sse->open($url, token => $admin, last => $since);
			if (!$s) { select undef, undef, undef, 0.05; next }
			while (time < $until && $s->more(0.2)) {
				$ended = waitpid($pid, 1) == $pid unless $ended;
				$target = head() if $ended && !defined $target;
				last if defined $target && ($s->last || $since) >= $target;
			}
			push @got, $s->ids;
			$since = $s->last || $since;
		}
		is(join(' ', @got), row($from + 1, $target // -1), 'no gap, no repeat');
	},
);
$parts{$part}->();
done_testing();
