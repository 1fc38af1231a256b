# SPDX-License-Identifier: Apache-2.0
# A small HTTP/1.x client that hides nothing: every byte as it came, when it
# came, and whether the message was complete. Knows no test and no record.
package SPBE::Client;

use strict;
use warnings FATAL => 'all';
use IO::Select ();
use IO::Socket::INET ();
use Time::HiRes qw(time);

# new(port => N): a connection that can carry several requests. from: its own
# address, of loopback.
sub new {
    my ($class, %o) = @_;
    my $sock;
    for (1 .. 50) {
        $sock = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$o{port}", $o{from} ? (LocalAddr => $o{from}) : (), Timeout => 5) and last;
        select undef, undef, undef, 0.05;
    }
    $sock or die "no connection to port $o{port}: $!\n";
    $sock->autoflush(1);
    binmode $sock;
    return bless { sock => $sock, buf => '', timeout => $o{timeout} || 15, times => [] }, $class;
}

sub send_raw {
    my ($self, $bytes) = @_;
    local $SIG{PIPE} = 'IGNORE';
    my $fh = $self->{sock};
    print {$fh} $bytes;
}

sub close { $_[0]{sock}->close }

# More bytes into the buffer: 1; 0 at the end or after the timeout.
sub _more {
    my ($self, $until) = @_;
    my $left = $until - time;
    return $self->_failed('timeout') if $left <= 0;
    IO::Select->new($self->{sock})->can_read($left) or return $self->_failed('timeout');
    my $n = sysread $self->{sock}, my $bytes, 65536;
    return $self->_failed(defined $n ? 'closed' : "reset") unless $n;
    push @{ $self->{times} }, [time, $n];
    $self->{wire} .= $bytes;
    $self->{buf} .= $bytes;
    return 1;
}

sub _failed { $_[0]{end} = $_[1]; return 0 }

# The next response to a request of that method, or undef if none came.
sub response {
    my ($self, $method) = @_;
    my $until = time + $self->{timeout};
    my $r = SPBE::Client::Response->new;
    @$self{qw(wire times end)} = ('', [], '');
    $self->{wire} = $self->{buf};
    while (1) {
        while ($self->{buf} !~ /\r?\n\r?\n/) {
            next if $self->_more($until);
            @$r{qw(wire body complete end)} = ($self->{wire}, $self->{buf}, 0, $self->{end});
            return $r;
        }
        $self->{buf} =~ s/\A(.*?)\r?\n\r?\n//s;
        $r->head($1);
        last if $r->{status} == 101 || $r->{status} >= 200;
        push @{ $r->{interim} }, $r->{status};
    }
    $self->_body($r, $method, $until);
    @$r{qw(wire times end)} = ($self->{wire}, $self->{times}, $self->{end});
    return $r;
}

sub _body {
    my ($self, $r, $method, $until) = @_;
    my $length = $r->h('Content-Length');
    if ($method eq 'HEAD' || $r->{status} =~ /^(?:1..|204|304)$/) {
        @$r{qw(body complete)} = ('', 1);
    }
    elsif (lc($r->h('Transfer-Encoding') // '') eq 'chunked') {
        $self->_chunks($r, $until);
    }
    elsif (defined $length) {
        1 while length $self->{buf} < $length && $self->_more($until);
        $r->{complete} = length $self->{buf} >= $length;
        $r->{body} = substr $self->{buf}, 0, $length, '';
    }
    else {
        1 while $self->_more($until);
        @$r{qw(body complete)} = ($self->{buf}, $self->{end} eq 'closed');
        $self->{buf} = '';
    }
}

sub _chunks {
    my ($self, $r, $until) = @_;
    @$r{qw(body complete)} = ('', 0);
    while (1) {
        while ($self->{buf} !~ /\n/) { $self->_more($until) or return }
        $self->{buf} =~ s/\A([0-9a-fA-F]+)[^\n]*\n// or return;
        my $n = hex $1;
        if ($n == 0) {
            while ($self->{buf} !~ /\A\r?\n|\n\r?\n/) { $self->_more($until) or return }
            $self->{buf} =~ s/\A(?:(.*?\n))??\r?\n//s;
            $r->{trailer} = $1 // '';
            $r->{complete} = 1;
            return;
        }
        while (length $self->{buf} < $n + 2) {
            next if $self->_more($until);
            $r->{body} .= substr $self->{buf}, 0, $n;
            return;
        }
        $r->{body} .= substr $self->{buf}, 0, $n, '';
        $self->{buf} =~ s/\A\r?\n//;
    }
}

package SPBE::Client::Response;

sub new { bless { status => 0, reason => '', headers => [], body => '', interim => [], wire => '', trailer => '' }, shift }

sub head {
    my ($self, $text) = @_;
    my ($line, @fields) = split /\r?\n/, $text;
    @$self{qw(version status reason)} = $line =~ m{^(HTTP/\S+) (\d+) ?(.*)} ? ($1, $2, $3) : ('', 0, $line);
    $self->{headers} = [map { /^([^:]+):\s*(.*?)\s*$/ ? [$1, $2] : [$_, ''] } @fields];
}

sub all { my ($self, $name) = @_; map { $_->[1] } grep { lc $_->[0] eq lc $name } @{ $self->{headers} } }
sub h { my @v = $_[0]->all($_[1]); return $v[0] }

1;
