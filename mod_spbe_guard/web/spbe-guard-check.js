/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/spbe-guard-check.js - is a value what the policy says? The server's
 * rules, as input/publicrules.h gives them, without a page.
 *
 * Says the same as the server or nothing: what a browser cannot know passes
 * here. The one global name; spbe-guard-client.js adds to it.
 */
var spbeGuardClient = (function () {
    'use strict';

    function fault(keyword, arg) {
        return { keyword: keyword,
            arg: arg === undefined ? null : String(arg) };
    }

    /* ---- numbers, exactly: as text/decimal.c does it -------------------- */

    var NUMBER = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
    var EXPONENT_MAX = 1000000000;
    var DIVISOR_DIGITS = 18;

    function exponent(text) {
        return Math.max(-EXPONENT_MAX,
            Math.min(EXPONENT_MAX, Number(text || 0)));
    }

    /* sign * 0.digits * 10^scale; digits have no zeros at either end. null
     * when it is no number. */
    function decimal(text) {
        var m = NUMBER.exec(text), digits, trimmed;
        if (!m) {
            return null;
        }
        digits = m[2] + (m[3] || '');
        trimmed = digits.replace(/^0+/, '');
        return {
            sign: trimmed === '' ? 0 : m[1] ? -1 : 1,
            digits: trimmed.replace(/0+$/, ''),
            scale: trimmed === '' ? 0 : m[2].length + exponent(m[4])
                - (digits.length - trimmed.length)
        };
    }

    function order(a, b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /* Digits of one scale are ordered as text is: "5" before "51". */
    function compareNumbers(left, right) {
        var a = decimal(left), b = decimal(right);
        if (a.sign !== b.sign) {
            return order(a.sign, b.sign);
        }
        return a.sign * (order(a.scale, b.scale) || order(a.digits, b.digits));
    }

    function isInteger(text) {
        var d = decimal(text);
        return d !== null && d.scale >= d.digits.length;
    }

    /* 10^n modulo m. */
    function powerOfTen(n, m) {
        var result = BigInt(1) % m, base = BigInt(10) % m;
        for (; n > 0; n = Math.floor(n / 2)) {
            if (n % 2 === 1) {
                result = result * base % m;
            }
            base = base * base % m;
        }
        return result;
    }

    function isMultiple(text, divisor) {
        var a = decimal(text), d = decimal(divisor), by, shift;
        if (a.sign === 0 || typeof BigInt === 'undefined') {
            return true;
        }
        by = d.digits.slice(0, DIVISOR_DIGITS);
        shift = (a.scale - a.digits.length) - (d.scale - by.length);
        by = BigInt(by);
        return shift >= 0
            && BigInt(a.digits) % by * powerOfTen(shift, by) % by
                === BigInt(0);
    }

    /* ---- one value that is not empty, as the form sends it -------------- */

    var CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;
    var LONE = /[\uD800-\uDFFF]/gu;

    /* Every line end goes as CR LF, half a character as U+FFFD. */
    function asSent(value) {
        return value.replace(/\r\n?|\n/g, '\r\n').replace(LONE, '\uFFFD');
    }

    /* Characters, not the halves of them. */
    function length(value) {
        return Array.from(value).length;
    }

    /* An old browser may not know what a pattern uses: then it says nothing. */
    function matches(source, value) {
        var regex;
        try {
            regex = new RegExp(source, 'u');
        } catch (e) {
            return true;
        }
        return regex.test(value);
    }

    function checkText(rule, value) {
        var size = length(value);
        if (rule.minLength !== undefined && size < Number(rule.minLength)) {
            return fault('minLength', rule.minLength);
        }
        if (rule.maxLength !== undefined && size > Number(rule.maxLength)) {
            return fault('maxLength', rule.maxLength);
        }
        if (rule.formatPattern !== undefined
            && !matches(rule.formatPattern, value)) {
            return fault('format', rule.format);
        }
        if (rule.pattern !== undefined && !matches(rule.pattern, value)) {
            return fault('pattern');
        }
        return null;
    }

    /* Keyword, and which results of the comparison are allowed. */
    var LIMITS = [['minimum', 0, 1], ['maximum', -1, 0],
        ['exclusiveMinimum', 1, 1], ['exclusiveMaximum', -1, -1]];

    function checkLimits(rule, value) {
        var i, limit, result;
        for (i = 0; i < LIMITS.length; i++) {
            limit = rule[LIMITS[i][0]];
            if (limit !== undefined) {
                result = compareNumbers(value, limit);
                if (result < LIMITS[i][1] || result > LIMITS[i][2]) {
                    return fault(LIMITS[i][0], limit);
                }
            }
        }
        return rule.multipleOf === undefined
            || isMultiple(value, rule.multipleOf)
            ? null : fault('multipleOf', rule.multipleOf);
    }

    function checkNumber(rule, value) {
        if (!NUMBER.test(value)
            || (rule.type === 'integer' && !isInteger(value))) {
            return fault('type', rule.type || 'number');
        }
        return checkLimits(rule, value);
    }

    /* 1.0 is 1, where numbers may be meant. */
    function same(rule, a, b) {
        return a === b || (rule.type !== 'string' && NUMBER.test(a)
            && NUMBER.test(b) && compareNumbers(a, b) === 0);
    }

    function checkChoice(rule, value) {
        if (rule.enum !== undefined && !rule.enum.some(function (choice) {
            return same(rule, choice, value);
        })) {
            return fault('enum', rule.enum.filter(Boolean).join(', '));
        }
        if (rule.const !== undefined && !same(rule, rule.const, value)) {
            return fault('const', rule.const);
        }
        return null;
    }

    /* Texts and others are allowed: what is right as one of them is right. */
    function checkMixed(rule, value) {
        var found = checkText(rule, value);
        if (found && NUMBER.test(value)) {
            found = checkNumber(rule, value);
        }
        return /^(true|false|null)$/.test(value) ? null : found;
    }

    function checkKind(rule, value) {
        switch (rule.type) {
        case 'integer':
        case 'number':
            return checkNumber(rule, value);
        case 'boolean':
            return value === 'true' || value === 'false'
                ? null : fault('type', 'boolean');
        case 'string':
            return checkText(rule, value);
        default:
            return checkMixed(rule, value);
        }
    }

    function checkOne(rule, value) {
        if (CONTROL.test(value)) {
            return fault('format', 'teks_bebas');
        }
        if (rule.nullable && value === 'null') {
            return null;
        }
        return checkKind(rule, value) || checkChoice(rule, value);
    }

    /* ---- all values of a field ------------------------------------------ */

    function checkCount(rule, count) {
        if (rule.minItems !== undefined && count < Number(rule.minItems)) {
            return fault('minItems', rule.minItems);
        }
        if (rule.maxItems !== undefined && count > Number(rule.maxItems)) {
            return fault('maxItems', rule.maxItems);
        }
        return null;
    }

    function isRepeated(rule, values) {
        return values.some(function (value, i) {
            return values.slice(0, i).some(same.bind(null, rule, value));
        });
    }

    function checkList(rule, values) {
        return checkCount(rule, values.length)
            || (rule.uniqueItems && isRepeated(rule, values)
                ? fault('uniqueItems') : null);
    }

    /*
     * values: the texts a form sends under the field's name. The first fault,
     * or null. What is left empty counts as not sent.
     */
    function check(rule, values) {
        var i, found = null;
        var sent = values.map(asSent).filter(function (value) {
            return value !== '';
        });
        if (sent.length === 0) {
            return rule.required ? fault('required') : null;
        }
        for (i = 0; i < sent.length && !found; i++) {
            found = checkOne(rule, sent[i]);
        }
        return found || (rule.array ? checkList(rule, sent) : null);
    }

    /* ---- files ---------------------------------------------------------- */

    /* What browsers call in one way only. The rest depends on the programs of
     * a file's owner, and only the server can look into it. */
    var CERTAIN = /^(image\/(jpeg|png|gif|webp)|application\/pdf)$/;
    var ENDING = /\.(jpe?g|png|gif|webp|pdf)$/i;

    function isType(type, file) {
        type = type.toLowerCase();
        if (type.indexOf('/') < 0) {
            return file.name.toLowerCase()
                .endsWith('.' + type.replace(/^\./, ''));
        }
        return !CERTAIN.test(file.type) || !ENDING.test(file.name)
            || type === file.type
            || (type.endsWith('*') && file.type.startsWith(
                type.slice(0, -1).replace('*/', '')));
    }

    function checkFile(rules, file) {
        if (rules.maxSize && file.size > rules.maxSize) {
            return fault('fileSize', rules.maxSize);
        }
        if (rules.types && !rules.types.some(function (type) {
            return isType(type, file);
        })) {
            return fault('fileType', rules.types.join(', '));
        }
        return null;
    }

    /* files: {name, type, size} each, as an <input type=file> has them. */
    function checkFiles(rule, files) {
        var rules = rule.files || {}, i, found = null;
        if (files.length === 0) {
            return rule.required ? fault('required') : null;
        }
        if (rules.maxCount && files.length > rules.maxCount) {
            return fault('fileCount', rules.maxCount);
        }
        for (i = 0; i < files.length && !found; i++) {
            found = checkFile(rules, files[i]);
        }
        return found || (rule.array ? checkCount(rule, files.length) : null);
    }

    /* ---- two fields against each other ---------------------------------- */

    var DATE = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;
    var HOUR = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
    /* May be a day, an hour or a number, in whatever notation. */
    var MAYBE = /^[-0-9]/;
    var ORDERS = { '<': [-1], '<=': [-1, 0], '==': [0], '!=': [-1, 1],
        '>=': [0, 1], '>': [1] };

    function isDay(text) {
        var day = DATE.test(text) ? new Date(text + 'T00:00:00Z') : null;
        return day !== null && !isNaN(day.getTime())
            && day.toISOString().slice(0, 10) === text;
    }

    function isHour(text) {
        return HOUR.test(text);
    }

    function isNumber(text) {
        return NUMBER.test(text);
    }

    /* -1, 0 or 1; null: only the server can tell. */
    function compareValues(left, right) {
        if ((isDay(left) && isDay(right)) || (isHour(left) && isHour(right))) {
            return order(left, right);
        }
        return isNumber(left) && isNumber(right)
            ? compareNumbers(left, right) : null;
    }

    function trimmed(text) {
        return text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
    }

    function areDays(left, right) {
        return isDay(trimmed(left)) && isDay(trimmed(right));
    }

    /* Other texts have no order, but are the same or not. */
    function holds(op, left, right) {
        var a = trimmed(left), b = trimmed(right), result;
        if (!ORDERS[op] || a === '' || b === '') {
            return true;
        }
        result = compareValues(a, b);
        if (result === null && !(MAYBE.test(a) && MAYBE.test(b))
            && (op === '==' || op === '!=')) {
            return (asSent(left) === asSent(right)) === (op === '==');
        }
        return result === null || ORDERS[op].indexOf(result) >= 0;
    }

    return { check: check, checkFiles: checkFiles, holds: holds,
        areDays: areDays, fault: fault };
}());
