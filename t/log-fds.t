# SPDX-License-Identifier: Apache-2.0
# Who holds which end of the log's pipe: the parent both, its children the end
# to write to, the logger the end to read from, and nobody else any: no CGI
# program, no daemon of mod_cgid, no piped log, nothing that PHP starts. Before
# and after ten graceful restarts with a download under way; one logger, the
# same one.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep);

my ($modules) = grep { -d } '/usr/lib/apache2/modules', slurp("$ENV{SPBE_W}/run/base-$ENV{SPBE_MPM}.conf") =~ m{LoadModule mpm_\w+ (\S+)/};
my $php = slurp("$ENV{SPBE_W}/run/base-$ENV{SPBE_MPM}.conf") =~ /LoadModule php_module/;

# --- what /proc says ----------------------------------------------------------

sub parent_of { my ($s) = slurp("/proc/$_[0]/stat") =~ /\) \S (\d+)/; return $s // 0 }

# Every process below that one, itself as well.
sub tree {
    my ($top) = @_;
    my %parent = map { $_ => parent_of($_) } grep { /^\d+$/ } map { m{(\d+)$} } glob '/proc/[0-9]*';
    my %in = ($top => 1);
    my $more = 1;
    while ($more) {
        $more = 0;
        for (keys %parent) {
            next if $in{$_} || !$in{ $parent{$_} };
            $more = $in{$_} = 1;
        }
    }
    return sort { $a <=> $b } keys %in;
}

# "r", "w" or "rw": the ends of this pipe that a process has
sub ends {
    my ($pid, $pipe) = @_;
    my $ends = '';
    for my $fd (glob "/proc/$pid/fd/*") {
        next unless (readlink($fd) // '') eq $pipe;
        my ($n) = $fd =~ /(\d+)$/;
        my ($flags) = slurp("/proc/$pid/fdinfo/$n") =~ /^flags:\s*(\d+)/m;
        $ends .= (oct($flags // 0) & 3) == 0 ? 'r' : 'w';
    }
    return join '', sort split //, $ends;
}

sub command { my $c = slurp("/proc/$_[0]/cmdline"); $c =~ tr/\0/ /; $c =~ s/\s+$//; return $c }

# The daemon of mod_cgid: it listens on the socket of that name.
sub is_cgid {
    my ($pid, $sock) = @_;
    my %inode = map { ("socket:[$_]" => 1) } slurp("/proc/$pid/net/unix") =~ /\s(\d+) \Q$sock\E(?:\.\d+)?$/mg;
    return scalar grep { $inode{ readlink($_) // '' } } glob "/proc/$pid/fd/*";
}

# { role => { ends => [pids] } }
sub roles {
    my ($own, $pipe, $logger) = @_;
    my %found;
    my %logger = map { $_ => 1 } tree($logger);
    for my $pid (tree($own->{pid})) {
        my $command = command($pid) or next;
        my $role = $pid == $own->{pid} ? 'parent' : $logger{$pid} ? 'logger'
            : $command !~ /apache2/ || $command =~ /\bsh -c/ ? 'program'
            : is_cgid($pid, "$own->{dir}/cgid.sock") ? 'cgid' : 'child';
        push @{ $found{$role}{ ends($pid, $pipe) } }, "$pid $command";
    }
    return \%found;
}

sub wrong {
    my ($found) = @_;
    my %right = (parent => qr/^rw$/, logger => qr/^r*$/, child => qr/^w$/, cgid => qr/^$/, program => qr/^$/);
    my @wrong;
    for my $role (sort keys %$found) {
        push @wrong, map { "$role has '$_': @{ $found->{$role}{$_} }" } grep { $_ !~ $right{$role} } sort keys %{ $found->{$role} };
    }
    return join '; ', @wrong;
}

sub pids_of { my ($found, $role) = @_; return map { @$_ } values %{ $found->{$role} || {} } }

# --- a server of each kind ------------------------------------------------------

sub set_up {
    my ($kind) = @_;
    my $dir = "$ENV{SPBE_ROOT}/own-fds-$kind";
    mkdir $dir;
    mkdir "$dir/htdocs";
    spew("$dir/htdocs/lama.bin", "\0" x 30_000_000);
    spew("$dir/htdocs/tidur.cgi", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nls -l /proc/self/fd\nexec sleep 3\n");
    chmod 0755, "$dir/htdocs/tidur.cgi";
    spew("$dir/htdocs/fd.php", '<?php header("Content-Type: text/plain"); passthru("ls -l /proc/self/fd; sleep 2");');
    system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', "$dir/home", 'init') == 0 or BAIL_OUT('init failed');
    return own_server("fds-$kind", <<"CONF");
LoadModule ${kind}_module $modules/mod_$kind.so
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
@{[ $kind eq 'cgid' ? "ScriptSock $dir/cgid.sock" : '' ]}
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $dir/home"
SpbeGuardRunDir $dir/run
SpbeGuardSpill $dir/spill
SpbeGuardEngine On
CustomLog "|/bin/cat >>$dir/access.txt" common
CustomLog "|\$/bin/cat >>$dir/access2.txt" common
DocumentRoot $dir/htdocs
<Directory $dir/htdocs>
    Require all granted
    Options +ExecCGI
    AddHandler cgi-script .cgi
    @{[ $php ? 'AddHandler application/x-httpd-php .php' : '' ]}
</Directory>
<Location /status>
    SetHandler t-status
</Location>
CONF
}

sub loggers { my $own = shift; return grep { parent_of($_) == $own->{pid} && command($_) =~ m{/spbe-guardlog } } tree($own->{pid}) }

for my $kind (qw(cgi cgid)) {
    my $own = set_up($kind);
    ok($own->{pid}, "$kind: a server of its own") or do { diag $own->{output}; next };
    my ($logger) = loggers($own);
    my $vhost = "SPBE_OWN_fds-$kind";
    my ($pipe) = map { readlink "/proc/$_/fd/0" } grep { ends($_, readlink("/proc/$_/fd/0") // '') ne '' } grep { (readlink("/proc/$_/fd/0") // '') =~ /^pipe/ } tree($logger);
    like($pipe // '', qr/^pipe:/, "$kind: the logger reads from a pipe");

    my $look = sub {
        my ($when) = @_;
        my @open = map { my $c = connection($vhost); $c->send_raw("GET $_ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); $c } '/tidur.cgi', $php ? '/fd.php' : ();
        my $found = wait_for(5, sub { my $f = roles($own, $pipe, $logger); (grep { / (?:sleep|\S*\bsleep) / } pids_of($f, 'program')) ? $f : undef });
        ok($found, "$kind, $when: a CGI program runs") or return;
        is(wrong($found), '', "$kind, $when: every end where it belongs");
        cmp_ok(scalar pids_of($found, 'child'), '>=', 1, "$kind, $when: children");
        cmp_ok(scalar pids_of($found, 'program'), '>=', 3, "$kind, $when: programs");
        is(scalar(pids_of($found, 'cgid')), $kind eq 'cgid' ? 1 : 0, "$kind, $when: daemons");
        is(scalar(my @n = loggers($own)), 1, "$kind, $when: one logger");
        is((loggers($own))[0], $logger, "$kind, $when: the same one");
        for my $c (@open) {
            my $r = $c->response('GET');
            is($r->{status}, 200, "$kind, $when: the program answers");
            unlike($r->{body}, qr/\Q$pipe\E/, "$kind, $when: and sees no end of the pipe");
            $c->close;
        }
    };
    $look->('at the start');

    # Read slowly: the child that sends it lives on through every restart.
    my $slow = connection($vhost);
    $slow->send_raw("GET /lama.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    sysread $slow->{sock}, my $some, 65536;
    my @first = map { (split / /)[0] } pids_of(roles($own, $pipe, $logger), 'child');
    my @refs;
    for my $n (1 .. 10) {
        kill USR1 => $own->{pid};
        sleep 0.5;
        push @refs, get('/status?500', vhost => $vhost)->h('X-Request-Ref');
    }
    ok((grep { kill 0, $_ } @first), "$kind: a child of the first generation is still sending");
    $look->('after ten graceful restarts');
    is(scalar(grep { $_ } @refs), 10, "$kind: served in between");
    is(join(' ', grep { my $ref = $_; !wait_for(8, sub { system("$ENV{SPBE_W}/lib/spbe-guardctl --home $own->{dir}/home show $ref --json >/dev/null 2>&1") == 0 }) } @refs), '', "$kind: and recorded");
    $slow->close;
    my @before = tree($logger);
    kill TERM => $own->{pid};
    ok(wait_for(15, sub { !kill 0, $own->{pid} }), "$kind: stopped");
    ok(wait_for(15, sub { !grep { kill 0, $_ } @before }), "$kind: the logger ends: nobody holds the end to write to");
}

done_testing;
