// SPDX-License-Identifier: Apache-2.0
// Checks with a name each, and a last line that says how many there were.
'use strict';

const assert = require('assert');

const rows = [];
let passed = 0;
let failed = 0;

function test(name, run) {
    rows.push({ name, run });
}

function check(condition, what) {
    assert.ok(condition, what);
    passed++;
}

function same(actual, expected, what) {
    try {
        assert.deepStrictEqual(actual, expected);
    } catch (error) {
        error.message = `${what}: ${error.message}`;
        throw error;
    }
    passed++;
}

async function one(row) {
    try {
        await row.run();
        console.log(`ok      ${row.name}`);
    } catch (error) {
        failed++;
        console.log(`FAILED  ${row.name}\n${error.message}\n${error.stack}`);
    }
}

// before() gives what is needed and after() takes it away again, also when a
// test has failed or a signal came. Arguments choose rows by a part of their
// name.
async function main(before, after) {
    const wanted = process.argv.slice(2);
    const chosen = rows.filter(({ name }) => wanted.length === 0
        || wanted.some((word) => name.includes(word)));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, async () => {
            await after();
            process.exit(130);
        });
    }
    try {
        await before();
        for (const row of chosen) {
            await one(row);
        }
    } catch (error) {
        failed++;
        console.log(`FAILED  before the first test\n${error.stack}`);
    } finally {
        await after();
    }
    if (passed === 0) {
        failed++;
        console.log('FAILED  nothing was checked');
    }
    console.log(`checked: ${passed} in ${chosen.length} tests`);
    process.exit(failed ? 1 : 0);
}

module.exports = { test, check, same, main };
