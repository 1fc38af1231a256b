// SPDX-License-Identifier: Apache-2.0
// An httpd of the test's own with the guard in it, on a free port of loopback,
// in front of an application that is a function of this process; and the
// sample application with its PHP-FPM.
'use strict';

const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');
const path = require('path');

const TOP = path.resolve(__dirname, '../../..');
const BUILD = process.env.BUILD || path.join(TOP, 'build');
const HTTPD = process.env.HTTPD || '/usr/sbin/apache2';

function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer();
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

function answers(port) {
    return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('connect', () => { socket.destroy(); resolve(true); });
        socket.on('error', () => resolve(false));
    });
}

async function waitFor(port, child, log) {
    for (let i = 0; i < 200; i++) {
        if (await answers(port)) {
            return;
        }
        if (child.exitCode !== null) {
            break;
        }
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`nothing answers on port ${port}: ${log()}`);
}

function ended(child) {
    return new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
            resolve();
            return;
        }
        const hard = setTimeout(() => child.kill('SIGKILL'), 15000);
        child.on('exit', () => { clearTimeout(hard); resolve(); });
        child.kill('SIGTERM');
    });
}

function modules() {
    const dir = execFileSync('apxs', ['-q', 'LIBEXECDIR']).toString().trim();
    return ['mpm_event', 'unixd', 'authz_core', 'authz_host', 'dir', 'mime',
        'alias', 'headers', 'env', 'setenvif', 'filter', 'deflate', 'proxy',
        'proxy_http', 'reqtimeout']
        .filter((name) => fs.existsSync(`${dir}/mod_${name}.so`))
        .map((name) => `LoadModule ${name}_module ${dir}/mod_${name}.so`)
        .join('\n');
}

// root's children cannot be root: Debian's own user of httpd.
function user() {
    return process.getuid() === 0 ? 'User www-data\nGroup www-data' : '';
}

function configuration(dir, port, backend, own) {
    return `${modules()}
LoadModule spbe_guard_module "${BUILD}/mod_spbe_guard.so"
ServerRoot "${dir}"
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile "${dir}/httpd.pid"
DefaultRuntimeDir "${dir}"
Mutex file:${dir} default
ErrorLog "${dir}/error.log"
${user()}
StartServers 1
ThreadsPerChild 16
MaxRequestWorkers 32
TypesConfig /etc/mime.types
SpbeGuardLog "|'${BUILD}/spbe-guardlog' --home '${dir}/home'"
SpbeGuardEngine On
SpbeGuardClientScript On
SpbeGuardApplication "Uji"
<Location /spbe-guard-client>
    SetHandler spbe-guard-client
    Require all granted
</Location>
<Location />
    Require all granted
</Location>
ProxyPass /spbe-guard-client !
ProxyPass / http://127.0.0.1:${backend}/
${own}
`;
}

function listen(application) {
    return new Promise((resolve) => {
        const server = http.createServer(application);
        server.listen(0, '127.0.0.1', () => resolve(server));
    });
}

function makeFolder() {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'spbe-browser.'));
    fs.chmodSync(dir, 0o755);
    fs.mkdirSync(`${dir}/home`, 0o700);
    if (process.getuid() === 0) {
        const id = (flag) => Number(execFileSync('id', [flag, 'www-data']));
        fs.chownSync(`${dir}/home`, id('-u'), id('-g'));
    }
    return dir;
}

// own(dir): lines of configuration; may write files into dir.
async function startGuard(application, own) {
    const dir = makeFolder();
    const port = await freePort();
    const backend = await listen(application);
    fs.writeFileSync(`${dir}/httpd.conf`,
        configuration(dir, port, backend.address().port, own(dir)));
    const child = spawn(HTTPD, ['-f', `${dir}/httpd.conf`, '-DFOREGROUND'],
        { stdio: ['ignore', fs.openSync(`${dir}/out`, 'w'), 'inherit'] });
    const log = () => fs.existsSync(`${dir}/error.log`)
        ? fs.readFileSync(`${dir}/error.log`, 'utf8') : 'no log';
    const stop = async () => {
        await ended(child);
        backend.closeAllConnections();
        backend.close();
        fs.rmSync(dir, { recursive: true, force: true });
    };
    try {
        await waitFor(port, child, log);
    } catch (error) {
        await stop();
        throw error;
    }
    return { url: `http://127.0.0.1:${port}`, dir, log, stop };
}

async function startSample() {
    const dir = makeFolder();
    const port = await freePort();
    let output = '';
    const child = spawn(`${TOP}/conf/samples/run.sh`, [], {
        env: { ...process.env, PORT: String(port), BUILD,
            RUN_HOME: `${dir}/records` },
        stdio: ['ignore', 'pipe', 'pipe']
    });
    child.stdout.on('data', (bytes) => { output += bytes; });
    child.stderr.on('data', (bytes) => { output += bytes; });
    const stop = async () => {
        await ended(child);
        fs.rmSync(dir, { recursive: true, force: true });
    };
    try {
        await waitFor(port, child, () => output);
    } catch (error) {
        await stop();
        throw error;
    }
    return { url: `http://127.0.0.1:${port}`, log: () => output, stop };
}

module.exports = { startGuard, startSample, TOP, BUILD };
