# SPDX-License-Identifier: Apache-2.0
# Files that are never a page are answered as if they were not there, and
# recorded; files that only look a little like them are served.
use strict;
use warnings FATAL => 'all';
use File::Path qw(make_path);
use SPBE::Test;
use Test::More;

my $dir = "$ENV{SPBE_ROOT}/htdocs/berkas";
my @hidden = qw(.env .env.local .git/config .git/HEAD .svn/entries dump.sql dump.sql.gz data.sqlite a.php.bak config.old index.php~ error.log
    composer.json composer.lock wp-content/debug.log dalam/.env);
my @served = qw(environment.html login.html blog.html dialog.txt katalog.html sqlmap.html old.html bak.html composer.html git.html logo.png log4j.html .well-known/security.txt);
for my $name (@hidden, @served, 'rahasia-1.txt') {
    my ($folder) = "$dir/$name" =~ m{(.*)/};
    make_path($folder);
    spew("$dir/$name", "ISI-BERKAS $name\n");
}

my %hit = (status => 404, page => 1, hasnt => ['ISI-BERKAS']);
my %recorded = (kind => 'anomaly', action => 'hidden', status_in => 404, status_out => 404, rule => qr/SpbeGuardHideFile/);
my %miss = (status => 200, page => 0, has => ['ISI-BERKAS']);

rows(
    (map { { name => "hidden: $_", path => "/berkas/$_", %hit, record => { %recorded } } } @hidden),
    (map { { name => "served: $_", path => "/berkas/$_", %miss } } @served),
    # as they are asked for
    { name => 'encoded', path => '/berkas/%2eenv', %hit },
    { name => 'encoded slash', path => '/berkas/.git%2fconfig', status => 404, hasnt => ['ISI-BERKAS'] },
    { name => 'upper case', path => '/berkas/.GIT/config', status => 404, hasnt => ['ISI-BERKAS'] },
    { name => 'two slashes', path => '//berkas//.git//config', %hit },
    { name => 'dots', path => '/berkas/x/../.env', %hit },
    { name => 'with a query', path => '/berkas/.env?a=1', %hit },
    { name => 'path behind it', path => '/berkas/.env/x', status => 404, hasnt => ['ISI-BERKAS'] },
    { name => 'HEAD', path => '/berkas/dump.sql', get => { method => 'HEAD' }, status => 404, page => 1 },
    { name => 'not there at all', path => '/tidak/ada/.env', %hit, record => { kind => 'anomaly' } },
    { name => 'phpinfo.php', path => '/php-off/phpinfo.php', need => ['SPBE_FPM', 'PHP-FPM'], status => 404, page => 1, hasnt => ['PHP Version'], record => { %recorded } },
    { name => 'of a proxied application', path => '/py/.git/config', status => 404, page => 1, record => { %recorded } },
    # what the administrator says
    { name => 'one pattern more', path => '/g-hide/berkas/rahasia-1.txt', %hit, record => { rule => qr/rahasia/ } },
    { name => '... beside the built-in ones', path => '/g-hide/berkas/.env', %hit },
    { name => '... and only there', path => '/berkas/rahasia-1.txt', %miss },
    { name => 'none', path => '/g-nohide/berkas/dump.sql', %miss },
    # modes: it goes with the switch of the failure procedure
    { name => 'Failure DetectOnly', path => '/g-detect/berkas/.env', %miss, record => { kind => 'anomaly', action => 'logged', rule => qr/\.env/ } },
    { name => 'Failure Off', path => '/g-failoff/berkas/.env', %miss },
    { name => 'Input DetectOnly changes nothing', path => '/g-inputdetect/berkas/.env', %hit },
    { name => 'Input Off changes nothing', path => '/g-inputoff/berkas/.env', %hit },
    { name => 'engine off', path => '/g-off/berkas/.env', %miss },
    { name => 'DetectOnly', path => '/berkas/.env', get => { vhost => 'detect' }, %miss, record => { kind => 'anomaly', action => 'logged' } },
);

# The same page as for what is really not there.
my ($a, $b) = map { my $t = get($_, headers => [[Accept => 'text/html']])->{body}; $t =~ s/$REF/REF/g; $t =~ s{<time.*?</time>}{}s; $t =~ s{(?:Dibaca di telepon:).*?</dd>}{}s; $t } '/berkas/.env', '/berkas/sungguh-tidak-ada';
is($a, $b, 'a hidden file looks like one that is not there');

done_testing;
