// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, and pages that remember what they complained of.
'use strict';

const { chromium } = require('playwright-core');

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';

// A new folder for its profile is made by launch() itself.
function launch() {
    return chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
            '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync',
            '--disable-dev-shm-usage']
    });
}

// page.complaints: errors of scripts, of the console, violations of a policy.
async function openPage(browser, options) {
    const context = await browser.newContext({ locale: 'id-ID', ...options });
    const page = await context.newPage();
    page.complaints = [];
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
            page.complaints.push(message.text());
        }
    });
    await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
            console.error(`violation of ${event.violatedDirective}: `
                + event.blockedURI);
        });
    });
    return page;
}

// {name: text} of the messages that stand in the page.
function notes(page) {
    return page.$$eval('.spbe-guard-message', (all) => {
        const found = {};
        for (const note of all) {
            const control = document.querySelector(
                `[aria-describedby~="${note.id}"]`);
            found[control ? control.name : note.id] = note.textContent;
        }
        return found;
    });
}

function focused(page) {
    return page.evaluate(() => document.activeElement.name);
}

module.exports = { launch, openPage, notes, focused };
