/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/spbe-guard-client.js - the server's rules for a form, told while it is
 * filled in: Formulir Tervalidasi.
 *
 * Helps the person only; the server checks again. Sets what HTML knows
 * (required, pattern, inputmode ...), says what is expected next to a field,
 * in the page's language, to screen readers too. Sends nothing, stores
 * nothing, writes text only as text. Without it the page works as before.
 *
 * The server appends spbeGuardClient.start(rules, words): rules as
 * input/publicrules.h gives them, words from conf/messages.
 */
var spbeGuardClient = (function () {
    'use strict';

    /* ---- numbers, exactly: as text/decimal.c does it ---------------- */

    var NUMBER = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

    /* {sign, digits, scale}: sign * 0.digits * 10^scale; digits without zeros
     * at either end. null when it is no number. */
    function decimal(text) {
        var m = NUMBER.exec(text), whole, digits, scale;
        if (!m) {
            return null;
        }
        whole = m[2] === '0' ? '' : m[2];
        digits = whole + (m[3] || '');
        scale = whole.length + Number(m[4] || 0);
        scale -= /^0*/.exec(digits)[0].length;
        digits = digits.replace(/^0+/, '').replace(/0+$/, '');
        if (digits === '') {
            return { sign: 0, digits: '', scale: 0 };
        }
        return { sign: m[1] ? -1 : 1, digits: digits, scale: scale };
    }

    function compareSize(a, b) {
        if (a.scale !== b.scale) {
            return a.scale < b.scale ? -1 : 1;
        }
        /* Same scale: "5" before "51" before "6", as text is ordered. */
        return a.digits === b.digits ? 0 : a.digits < b.digits ? -1 : 1;
    }

    function compareNumbers(x, y) {
        var a = decimal(x), b = decimal(y);
        if (a.sign !== b.sign || a.sign === 0) {
            return a.sign - b.sign;
        }
        return a.sign * compareSize(a, b);
    }

    function isInteger(text) {
        var d = decimal(text);
        return d !== null && (d.sign === 0 || d.scale >= d.digits.length);
    }

    /* Of at most 18 digits, as on the server. */
    function isMultiple(text, divisor) {
        var a = decimal(text), d = decimal(divisor), shift, rest, by, i, zeros;
        if (a.sign === 0) {
            return true;
        }
        by = BigInt(d.digits.slice(0, 18));
        /* a / d = A.digits / D.digits * 10^shift */
        shift = (a.scale - a.digits.length)
            - (d.scale - Math.min(d.digits.length, 18));
        if (shift < -400 || shift > 100000) {
            return shift > 0;
        }
        rest = BigInt(0);
        for (i = 0; i < a.digits.length; i++) {
            rest = (rest * BigInt(10) + BigInt(a.digits.charAt(i))) % by;
        }
        for (zeros = shift; zeros > 0; zeros--) {
            rest = rest * BigInt(10) % by;
        }
        if (shift >= 0) {
            return rest === BigInt(0);
        }
        return BigInt(a.digits) % (by * BigInt(10) ** BigInt(-shift))
            === BigInt(0);
    }

    /* ---- one value against the rules of its field -------------------- */

    /* As the server counts: characters, not the halves of them. */
    function length(value) {
        return Array.from(value).length;
    }

    /* A form sends every line end as CR LF. */
    function asSent(value) {
        return value.replace(/\r\n?|\n/g, '\r\n');
    }

    function regex(source) {
        try {
            return new RegExp(source, 'u');
        } catch (e) {
            return null; /* an old browser: the server alone knows */
        }
    }

    function fault(keyword, arg) {
        return { keyword: keyword, arg: arg === undefined ? null : String(arg) };
    }

    function checkText(rule, value) {
        var size = length(value);
        if (rule.minLength !== undefined && size < Number(rule.minLength)) {
            return fault('minLength', rule.minLength);
        }
        if (rule.maxLength !== undefined && size > Number(rule.maxLength)) {
            return fault('maxLength', rule.maxLength);
        }
        return null;
    }

    function checkPatterns(rule, value) {
        var own = rule.pattern !== undefined ? regex(rule.pattern) : null;
        var known = rule.formatPattern !== undefined
            ? regex(rule.formatPattern) : null;
        if (known && !known.test(value)) {
            return fault('format', rule.format);
        }
        if (own && !own.test(value)) {
            return fault('pattern');
        }
        return null;
    }

    function checkNumber(rule, value) {
        var limits = [['minimum', -1, 0], ['maximum', 1, 0],
            ['exclusiveMinimum', -1, 1], ['exclusiveMaximum', 1, 1]];
        var i, limit, order;
        if (!NUMBER.test(value)) {
            return fault('type', rule.type);
        }
        if (rule.type === 'integer' && !isInteger(value)) {
            return fault('type', 'integer');
        }
        for (i = 0; i < limits.length; i++) {
            limit = rule[limits[i][0]];
            if (limit === undefined) {
                continue;
            }
            order = compareNumbers(value, String(limit)) * limits[i][1];
            if (order > 0 || (order === 0 && limits[i][2])) {
                return fault(limits[i][0], limit);
            }
        }
        if (rule.multipleOf !== undefined
            && !isMultiple(value, String(rule.multipleOf))) {
            return fault('multipleOf', rule.multipleOf);
        }
        return null;
    }

    function checkChoice(rule, value) {
        if (rule.enum !== undefined && rule.enum.indexOf(value) < 0) {
            return fault('enum', rule.enum.join(', '));
        }
        if (rule.const !== undefined && rule.const !== value) {
            return fault('const', rule.const);
        }
        return null;
    }

    /* One value that is not empty, as the form would send it. */
    function checkOne(rule, value) {
        if (rule.type === 'integer' || rule.type === 'number') {
            return checkNumber(rule, value) || checkChoice(rule, value);
        }
        if (rule.type === 'boolean') {
            return value === 'true' || value === 'false'
                ? checkChoice(rule, value) : fault('type', 'boolean');
        }
        return checkText(rule, value) || checkPatterns(rule, value)
            || checkChoice(rule, value);
    }

    function checkCount(rule, count) {
        if (rule.minItems !== undefined && count < Number(rule.minItems)) {
            return fault('minItems', rule.minItems);
        }
        if (rule.maxItems !== undefined && count > Number(rule.maxItems)) {
            return fault('maxItems', rule.maxItems);
        }
        return null;
    }

    /*
     * values: the strings a form would send for this field, all of them. The
     * first fault, or null. A field left empty is a field not sent.
     */
    function check(rule, values) {
        var sent = values.map(asSent), i, found;
        var filled = sent.filter(function (v) { return v !== ''; });
        if (filled.length === 0) {
            return rule.required ? fault('required') : null;
        }
        found = rule.array ? checkCount(rule, filled.length) : null;
        for (i = 0; i < filled.length && !found; i++) {
            found = checkOne(rule, filled[i]);
        }
        if (!found && rule.array && rule.uniqueItems
            && new Set(filled).size !== filled.length) {
            found = fault('uniqueItems');
        }
        return found;
    }

    function fits(type, file) {
        var name = file.name.toLowerCase();
        if (type.indexOf('/') < 0) {
            return name.endsWith('.' + type.replace(/^\./, '').toLowerCase());
        }
        /* A browser that does not know the type says nothing. */
        return file.type === '' || type === '*/*' || type === file.type
            || (type.endsWith('/*')
                && file.type.startsWith(type.slice(0, -1)));
    }

    /* files: of an <input type=file>: {name, type, size}. */
    function checkFiles(rule, files) {
        var rules = rule.files || {}, i, many;
        if (files.length === 0) {
            return rule.required ? fault('required') : null;
        }
        many = rules.maxCount || (rule.array ? 0 : 1);
        if (many && files.length > many) {
            return fault('fileCount', many);
        }
        for (i = 0; i < files.length; i++) {
            if (rules.maxSize && files[i].size > rules.maxSize) {
                return fault('fileSize', rules.maxSize);
            }
            if (rules.types && !rules.types.some(function (type) {
                return fits(type, files[i]);
            })) {
                return fault('fileType', rules.types.join(', '));
            }
        }
        return null;
    }

    /* ---- two fields against each other -------------------------------- */

    var DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
    var ORDERS = {
        '<': function (n) { return n < 0; },
        '<=': function (n) { return n <= 0; },
        '==': function (n) { return n === 0; },
        '!=': function (n) { return n !== 0; },
        '>=': function (n) { return n >= 0; },
        '>': function (n) { return n > 0; }
    };

    /* Dates and numbers of the same kind; else only the server can tell. */
    function holds(op, left, right) {
        var order;
        if (!ORDERS[op] || left === '' || right === '') {
            return true;
        }
        if (DATE.test(left) && DATE.test(right)) {
            order = left < right ? -1 : left > right ? 1 : 0;
        } else if (NUMBER.test(left) && NUMBER.test(right)) {
            order = compareNumbers(left, right);
        } else {
            return true;
        }
        return ORDERS[op](order);
    }

    /* ---- words --------------------------------------------------------- */

    var COMPARE_WORDS = { '<': 'compare_lt', '<=': 'compare_le',
        '==': 'compare_eq', '!=': 'compare_ne', '>=': 'compare_ge',
        '>': 'compare_gt' };

    var WORDS = {
        required: 'required', minLength: 'min_length', maxLength: 'max_length',
        minimum: 'minimum', maximum: 'maximum', exclusiveMinimum: 'above',
        exclusiveMaximum: 'below', multipleOf: 'multiple', enum: 'choice',
        const: 'fixed', minItems: 'min_items', maxItems: 'max_items',
        uniqueItems: 'unique', pattern: 'pattern', fileSize: 'file_size',
        fileType: 'file_type', fileCount: 'file_count'
    };

    function fill(text, arg) {
        return text.replace('%s', function () { return arg; });
    }

    function inWords(bytes) {
        var n = Number(bytes);
        if (n >= 1048576) {
            return Math.floor(n / 104857.6) / 10 + ' MB';
        }
        return n >= 1024 ? Math.floor(n / 102.4) / 10 + ' KB' : n + ' byte';
    }

    function sentence(words, found, rule) {
        var key = WORDS[found.keyword], arg = found.arg, table, text;
        if (COMPARE_WORDS[found.keyword]) {
            return fill(words[COMPARE_WORDS[found.keyword]], arg);
        }
        if (found.keyword === 'type') {
            table = words.type || {};
            return table[arg] || words.other;
        }
        if (found.keyword === 'format') {
            table = words.formats || {};
            text = table[arg] || words.format;
            return rule.example
                ? text + ' ' + fill(words.example, rule.example) : text;
        }
        if (arg === '1' && words[key + '_one']) {
            return words[key + '_one'];
        }
        if (found.keyword === 'fileSize') {
            arg = inWords(arg);
        }
        text = words[key] || words.other;
        return arg === null ? text.replace(' %s', '') : fill(text, arg);
    }

    function chosen(texts, language) {
        return texts ? texts[language] || texts.id || texts.en || '' : '';
    }

    function message(state, rule, found) {
        var hint = chosen(rule.hint, state.language);
        var text = sentence(state.words, found, rule);
        return hint && found.keyword !== 'required' ? text + ' ' + hint : text;
    }

    /* ---- the page ------------------------------------------------------ */

    function controls(form, name) {
        return Array.prototype.filter.call(form.elements, function (e) {
            return e.name === name && !e.disabled && e.type !== 'hidden';
        });
    }

    function isChoice(control) {
        return control.type === 'checkbox' || control.type === 'radio';
    }

    function valuesOf(list) {
        var values = [];
        list.forEach(function (c) {
            if (isChoice(c)) {
                if (c.checked) {
                    values.push(c.value);
                }
            } else if (c.type === 'select-multiple') {
                Array.prototype.forEach.call(c.selectedOptions,
                    function (o) { values.push(o.value); });
            } else {
                values.push(c.value);
            }
        });
        return values;
    }

    function judge(form, rule) {
        var list = controls(form, rule.name);
        if (list.length === 0) {
            return null; /* not a field of this page: the server decides */
        }
        if (list[0].type === 'file') {
            return checkFiles(rule, Array.from(list[0].files));
        }
        return check(rule, valuesOf(list));
    }

    function set(control, name, value) {
        if (value !== undefined && !control.hasAttribute(name)) {
            control.setAttribute(name, value);
        }
    }

    /* A kind of field that shows the same text, only with a better keyboard. */
    var TYPES = { email: 'email', hp: 'tel', telepon: 'tel', uri: 'url' };

    function betterType(control, rule) {
        var type = TYPES[rule.format];
        if (control.type === 'text' && type) {
            control.type = type;
        } else if (control.type === 'text' && rule.format === 'date'
            && (control.value === '' || DATE.test(control.value))) {
            control.type = 'date';
        }
    }

    function textual(control) {
        return /^(text|search|tel|url|email|password|textarea)$/
            .test(control.type);
    }

    /* Twice the length: HTML counts halves of characters, and a limit that
     * stops the typing must not be narrower than the server's. */
    function constrainText(control, rule) {
        set(control, 'minlength', rule.minLength);
        if (rule.maxLength !== undefined) {
            set(control, 'maxlength', 2 * rule.maxLength);
        }
        if (control.type !== 'textarea' && rule.pattern !== undefined
            && /^\^.*\$$/.test(rule.pattern)) {
            set(control, 'pattern', rule.pattern.slice(1, -1));
        }
    }

    function constrain(control, rule) {
        if (rule.required && control.type !== 'checkbox') {
            set(control, 'required', '');
        }
        if (control.type === 'file') {
            if (rule.files && rule.files.types) {
                set(control, 'accept', rule.files.types.map(function (t) {
                    return t.indexOf('/') < 0 ? '.' + t : t;
                }).join(','));
            }
            return;
        }
        betterType(control, rule);
        if (textual(control)) {
            constrainText(control, rule);
        }
        if (control.type === 'number' || control.type === 'range') {
            set(control, 'min', rule.minimum);
            set(control, 'max', rule.maximum);
        }
        set(control, 'inputmode', rule.inputmode);
        set(control, 'autocomplete', rule.autocomplete);
    }

    var serial = 0;

    function describe(control, id, on) {
        var ids = (control.getAttribute('aria-describedby') || '')
            .split(/\s+/).filter(function (x) { return x && x !== id; });
        if (on) {
            ids.push(id);
        }
        if (ids.length) {
            control.setAttribute('aria-describedby', ids.join(' '));
        } else {
            control.removeAttribute('aria-describedby');
        }
    }

    /* Behind the field, or behind the label that holds it. Its look comes
     * through the style sheet interface: a style attribute would need the
     * page's permission. */
    function place(state, form, rule) {
        var list = controls(form, rule.name);
        var last = list[list.length - 1];
        var note = document.createElement('span');
        note.id = 'spbe-guard-' + (++serial);
        note.className = 'spbe-guard-message';
        note.setAttribute('role', 'alert');
        note.lang = state.language;
        note.style.display = 'block';
        note.style.color = '#b00020';
        note.style.background = '#fff';
        note.style.padding = '.1em .25em';
        note.style.font = '.9em sans-serif';
        last.insertAdjacentElement('afterend', note);
        return note;
    }

    function show(state, form, rule, found) {
        var list = controls(form, rule.name);
        var notes = state.notes, note = notes.get(list[0]);
        if (list.length === 0) {
            return;
        }
        if (!found) {
            list.forEach(function (c) {
                c.removeAttribute('aria-invalid');
                if (note) {
                    describe(c, note.id, false);
                }
            });
            if (note) {
                note.remove();
                notes.delete(list[0]);
            }
            return;
        }
        if (!note) {
            note = place(state, form, rule);
            notes.set(list[0], note);
        }
        note.textContent = message(state, rule, found);
        list.forEach(function (c) {
            c.setAttribute('aria-invalid', 'true');
            describe(c, note.id, true);
        });
    }

    function ruleOf(rules, name) {
        return rules.fields.filter(function (f) {
            return f.name === name;
        })[0];
    }

    function single(form, name) {
        var list = controls(form, name);
        return list.length ? valuesOf(list)[0] || '' : '';
    }

    /* {rule, found} for each comparison that does not hold. */
    function compareAll(state, form, rules) {
        return (rules.compare || []).filter(function (c) {
            return !holds(c.op, single(form, c.left), single(form, c.right));
        }).map(function (c) {
            var right = ruleOf(rules, c.right);
            var label = right ? chosen(right.label, state.language) : '';
            var own = chosen(c.message, state.language);
            var rule = ruleOf(rules, c.left) || { name: c.left };
            return { rule: Object.assign({}, rule, { hint: null }), text: own,
                found: fault(c.op, label || c.right) };
        });
    }

    function validate(state, form, rules) {
        var first = null, wrong = {};
        rules.fields.forEach(function (rule) {
            var found = judge(form, rule);
            show(state, form, rule, found);
            if (found) {
                wrong[rule.name] = true;
                first = first || controls(form, rule.name)[0];
            }
        });
        compareAll(state, form, rules).forEach(function (c) {
            if (!wrong[c.rule.name]) {
                show(state, form, c.rule, c.found);
                first = first || controls(form, c.rule.name)[0] || null;
            }
        });
        return first;
    }

    function submitted(state, rules, event) {
        var form = event.target, by = event.submitter, first;
        if (form.noValidate && form.dataset.spbeGuard !== 'own') {
            return; /* the page does not want to be checked */
        }
        if (by && by.formNoValidate) {
            return;
        }
        first = validate(state, form, rules);
        if (first) {
            event.preventDefault();
            event.stopImmediatePropagation();
            first.focus();
        }
    }

    function left(state, rules, event) {
        var rule = ruleOf(rules, event.target.name);
        if (rule && event.target.form) {
            show(state, event.target.form, rule,
                judge(event.target.form, rule));
        }
    }

    /* A message goes as soon as the field is right, and comes only when it is
     * left: nobody is scolded while typing. */
    function typed(state, rules, event) {
        var rule = ruleOf(rules, event.target.name);
        if (rule && event.target.getAttribute('aria-invalid') === 'true'
            && !judge(event.target.form, rule)) {
            show(state, event.target.form, rule, null);
        }
    }

    function attach(state, form, rules) {
        if (form.dataset.spbeGuard) {
            return;
        }
        rules.fields.forEach(function (rule) {
            controls(form, rule.name).forEach(function (control) {
                constrain(control, rule);
            });
        });
        if (!form.noValidate) {
            /* Our messages instead of the browser's bubble. */
            form.noValidate = true;
            form.dataset.spbeGuard = 'own';
        } else {
            form.dataset.spbeGuard = 'page';
        }
        form.addEventListener('submit', submitted.bind(null, state, rules),
            true);
        form.addEventListener('focusout', left.bind(null, state, rules));
        form.addEventListener('input', typed.bind(null, state, rules));
    }

    /* ---- which rules are for which form ------------------------------- */

    function route(template) {
        var parts = template.split(/\{[^}]*\}/).map(function (text) {
            return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        });
        return new RegExp('^' + parts.join('[^/]+') + '$');
    }

    function isFor(rules, form) {
        var url;
        if (rules.action !== '*'
            && rules.method !== (form.method || 'get').toUpperCase()) {
            return false;
        }
        try {
            url = new URL(form.getAttribute('action') || location.href,
                document.baseURI);
        } catch (e) {
            return false;
        }
        return url.origin === location.origin
            && (rules.action === '*' || route(rules.action)
                .test(url.pathname));
    }

    function hasField(rules, form) {
        return rules.fields.some(function (rule) {
            return controls(form, rule.name).length > 0;
        });
    }

    function attachAll(state, all) {
        Array.prototype.forEach.call(document.forms, function (form) {
            var rules = all.forms.filter(function (r) {
                return isFor(r, form) && hasField(r, form);
            })[0];
            if (rules) {
                attach(state, form, rules);
            }
        });
    }

    function start(rules, words) {
        var language = /^en\b/i.test(document.documentElement.lang)
            ? 'en' : 'id';
        var state = { language: language, words: words[language],
            notes: new Map() };
        function now() {
            attachAll(state, rules);
        }
        if (document.readyState === 'loading') {
            document.addEventListener('DOMContentLoaded', now);
        } else {
            now();
        }
        /* Forms that a page's own script brings later. */
        document.addEventListener('focusin', function (event) {
            if (event.target.form) {
                now();
            }
        });
    }

    return { start: start, check: check, checkFiles: checkFiles,
        holds: holds, sentence: sentence };
}());
