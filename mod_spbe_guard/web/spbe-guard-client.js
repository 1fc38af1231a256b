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
(function (guard) {
    'use strict';

    var fault = guard.fault, allControls = guard.allControls;
    var controls = guard.controls, valuesOf = guard.valuesOf;
    var place = guard.place;

    /* ---- what is wrong -------------------------------------------------- */

    /* How a field that was left empty is filled in. */
    function described(found, list) {
        if (found && found.keyword === 'required') {
            found.tick = list.length === 1 && list[0].type === 'checkbox';
            found.choice = guard.isChoice(list[0])
                || Boolean(list[0].selectedOptions);
        }
        return found;
    }

    function judge(form, rule) {
        var list = controls(form, rule.name);
        if (list.length === 0 || !place(list)) {
            return null; /* not a field of this page: the server decides */
        }
        return list[0].type === 'file'
            ? guard.checkFiles(rule, Array.from(list[0].files))
            : described(guard.check(rule, valuesOf(list)), list);
    }

    /* What the page itself asks for: since our messages take the place of the
     * browser's, we ask for it. */
    function pageFault(state, control) {
        var ours = state.set.get(control) || {}, flag;
        if (!control.willValidate || control.validity.valid
            || !place([control])) {
            return null;
        }
        for (flag in control.validity) {
            if (flag !== 'valid' && control.validity[flag] && !ours[flag]) {
                return fault('page', control.validationMessage);
            }
        }
        return null;
    }

    function single(form, name) {
        var values = valuesOf(controls(form, name));
        return values.length === 1 ? values[0] : '';
    }

    /* The other field, as a person knows it. */
    function labelOf(form, rules, name) {
        var rule = rules.fields.filter(function (r) {
            return r.name === name;
        })[0];
        return (rule && guard.chosen(rule.label, guard.languageOf(form)))
            || name.replace(/[^A-Za-z0-9]+/g, ' ');
    }

    function disagreement(form, rules, c) {
        var found = fault(c.op, labelOf(form, rules, c.right));
        found.days = guard.areDays(single(form, c.left),
            single(form, c.right));
        return { name: c.left, rule: {}, hint: c.message, found: found };
    }

    function compared(form, rules) {
        return rules.compare.filter(function (c) {
            return controls(form, c.left).length > 0
                && !guard.holds(c.op, single(form, c.left),
                    single(form, c.right));
        }).map(disagreement.bind(null, form, rules));
    }

    /* {name: what is wrong with it}: the first of each field. */
    function problemsOf(state, form, rules) {
        var problems = new Map();
        function add(problem) {
            if (problem.found && !problems.has(problem.name)) {
                problems.set(problem.name, problem);
            }
        }
        rules.fields.forEach(function (rule) {
            add({ name: rule.name, rule: rule, hint: rule.hint,
                found: judge(form, rule) });
        });
        allControls(form).forEach(function (control) {
            add({ name: control.name, rule: {}, control: control,
                found: pageFault(state, control) });
        });
        compared(form, rules).forEach(add);
        return problems;
    }

    /* ---- messages ------------------------------------------------------- */

    /* Set through the style sheet interface: an attribute in the page's text
     * would need its Content-Security-Policy's permission. */
    var LOOK = { display: 'block', flexBasis: '100%', boxSizing: 'border-box',
        margin: '.3em 0 0', padding: '.35em .65em', color: '#8c1d18',
        background: '#fdeceb', borderLeft: '.2em solid #b3261e',
        borderRadius: '.2em', fontSize: '.875em', fontWeight: '400',
        lineHeight: '1.4', textAlign: 'start', whiteSpace: 'normal' };

    var serial = 0;

    function makeNote(form) {
        var note = document.createElement('span');
        note.id = 'spbe-guard-' + (++serial);
        note.className = 'spbe-guard-message';
        note.setAttribute('role', 'alert');
        note.lang = guard.languageOf(form);
        Object.assign(note.style, LOOK);
        return note;
    }

    function isRow(element) {
        var style = getComputedStyle(element);
        return style.display.endsWith('flex')
            && style.flexDirection.startsWith('row');
    }

    /* A fieldset of this choice alone. */
    function isGroup(fieldset, name) {
        return Array.prototype.every.call(fieldset.elements, function (e) {
            return e.name === name;
        });
    }

    /* Below the field: behind the last label of a choice, and not squeezed
     * into the row that holds a field and its button. */
    function anchor(list) {
        var last = place(list), group = last.closest('fieldset');
        if (guard.isChoice(list[0])) {
            if (group && isGroup(group, list[0].name)) {
                return { parent: group };
            }
            last = last.closest('label') || (last.labels && last.labels[0])
                || last;
        }
        while (last.parentNode !== list[0].form && isRow(last.parentNode)) {
            last = last.parentNode;
        }
        return { parent: last.parentNode, before: last.nextSibling };
    }

    function putNote(form, list) {
        var note = makeNote(form), at = anchor(list);
        at.parent.insertBefore(note, at.before || null);
        return note;
    }

    function describe(control, id, on) {
        var ids = (control.getAttribute('aria-describedby') || '')
            .split(/\s+/).filter(function (x) { return x && x !== id; });
        if (on) {
            ids.push(id);
            control.setAttribute('aria-invalid', 'true');
        } else {
            control.removeAttribute('aria-invalid');
        }
        if (ids.length > 0) {
            control.setAttribute('aria-describedby', ids.join(' '));
        } else {
            control.removeAttribute('aria-describedby');
        }
    }

    function hide(notes, name) {
        var shown = notes.get(name);
        shown.list.forEach(function (control) {
            describe(control, shown.note.id, false);
        });
        shown.note.remove();
        notes.delete(name);
    }

    function show(state, form, problem) {
        var notes = notesOf(state, form), shown = notes.get(problem.name);
        var text = guard.message(state, form, problem), list;
        if (shown && shown.note.isConnected) {
            if (shown.note.textContent !== text) {
                shown.note.textContent = text;
            }
            return;
        }
        list = problem.control ? [problem.control]
            : controls(form, problem.name);
        shown = { list: list, note: putNote(form, list) };
        /* In the page before it has a text: then it is announced. */
        shown.note.textContent = text;
        notes.set(problem.name, shown);
        list.forEach(function (control) {
            describe(control, shown.note.id, true);
        });
    }

    function notesOf(state, form) {
        return state.forms.get(form).notes;
    }

    function hideAll(state, form) {
        var notes = notesOf(state, form);
        Array.from(notes.keys()).forEach(hide.bind(null, notes));
    }

    /* ---- events --------------------------------------------------------- */

    /* Rules of a form whose messages are ours; a form that says novalidate
     * has its own, and gets the attributes alone. */
    function attach(state, form) {
        var rules = guard.rulesFor(state, form), known = state.forms.get(form);
        if (!rules) {
            return null;
        }
        if (!known) {
            known = { ours: !form.hasAttribute('novalidate'),
                notes: new Map() };
            state.forms.set(form, known);
            form.setAttribute('novalidate', '');
        }
        guard.constrainAll(state, form, rules);
        return known.ours ? rules : null;
    }

    /* The first in the page, not in the policy. */
    function firstWrong(form, problems) {
        return allControls(form).filter(function (control) {
            return problems.has(control.name);
        })[0];
    }

    function sentElsewhere(button) {
        return button && (button.formNoValidate
            || button.hasAttribute('formaction')
            || button.hasAttribute('formmethod'));
    }

    function submitted(state, event) {
        var form = event.target, rules = attach(state, form), problems, first;
        if (!rules || sentElsewhere(event.submitter)) {
            return;
        }
        hideAll(state, form);
        problems = problemsOf(state, form, rules);
        problems.forEach(show.bind(null, state, form));
        first = firstWrong(form, problems);
        if (first) {
            event.preventDefault();
            event.stopImmediatePropagation();
            first.focus();
        }
    }

    function formOf(event) {
        var target = event.target;
        return target && target.form instanceof HTMLFormElement
            ? target.form : null;
    }

    /* A message goes as soon as the field is right. */
    function refresh(state, form, problems) {
        var notes = notesOf(state, form);
        Array.from(notes.keys()).forEach(function (name) {
            if (problems.has(name)) {
                show(state, form, problems.get(name));
            } else {
                hide(notes, name);
            }
        });
    }

    /* It comes only when a field is left: nobody is scolded while typing, nor
     * for what is still empty. */
    function complain(state, form, problems, name) {
        problems.forEach(function (problem) {
            var values = valuesOf(controls(form, problem.name));
            if (problem.name === name && values.join('') !== '') {
                show(state, form, problem);
            }
        });
    }

    /* Within a group of boxes, or while a choice is being made, a field has
     * not been left. */
    function isLeft(event) {
        var next = event.relatedTarget;
        if (event.type === 'change') {
            return !guard.isChoice(event.target);
        }
        return event.type === 'focusout'
            && !(next && next.name === event.target.name
                && next.form === event.target.form);
    }

    function looked(state, form, name) {
        var rules = form.isConnected ? attach(state, form) : null, problems;
        if (rules) {
            problems = problemsOf(state, form, rules);
            refresh(state, form, problems);
            complain(state, form, problems, name);
        }
    }

    /* A message that comes between the pressing of a button and its release
     * would move the button away from under the pointer. */
    function calmly(state, run) {
        if (state.pressed) {
            state.waiting.push(run);
        } else {
            run();
        }
    }

    function pressed(state) {
        state.pressed = true;
    }

    function released(state) {
        state.pressed = false;
        setTimeout(function () {
            state.waiting.splice(0).forEach(function (run) { run(); });
        }, 0);
    }

    function changed(state, event) {
        var form = formOf(event), name = isLeft(event)
            ? event.target.name : null;
        if (form && (name !== null || (state.forms.has(form)
            && notesOf(state, form).size > 0))) {
            calmly(state, looked.bind(null, state, form, name));
        }
    }

    function entered(state, event) {
        var form = formOf(event);
        if (form) {
            attach(state, form);
        }
    }

    function emptied(state, event) {
        if (state.forms.has(event.target)) {
            hideAll(state, event.target);
        }
    }

    function listen(state) {
        var doc = document;
        doc.addEventListener('submit', submitted.bind(null, state), true);
        doc.addEventListener('focusin', entered.bind(null, state));
        ['input', 'change', 'focusout'].forEach(function (type) {
            doc.addEventListener(type, changed.bind(null, state));
        });
        doc.addEventListener('reset', emptied.bind(null, state));
        doc.addEventListener('pointerdown', pressed.bind(null, state), true);
        ['pointerup', 'pointercancel'].forEach(function (type) {
            doc.addEventListener(type, released.bind(null, state), true);
        });
    }

    function start(rules, words) {
        var state = { rules: rules.forms, words: words, forms: new WeakMap(),
            set: new WeakMap(), pressed: false, waiting: [] };
        function now() {
            Array.prototype.forEach.call(document.forms,
                attach.bind(null, state));
        }
        listen(state);
        if (document.readyState === 'loading') {
            document.addEventListener('DOMContentLoaded', now);
        } else {
            now();
        }
    }

    guard.start = start;
}(spbeGuardClient));
