/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/spbe-guard-form.js - which rules are for which form, what its fields
 * hold, and the attributes that HTML has for them.
 */
(function (guard) {
    'use strict';

    /* ---- fields and values ---------------------------------------------- */

    /* A field called "elements" or "action" would hide the form's own. */
    var elementsOf = Object.getOwnPropertyDescriptor(
        HTMLFormElement.prototype, 'elements').get;
    var NO_INPUT =
        /^(submit|button|reset|image|hidden|fieldset|output|object)$/;

    function allControls(form) {
        return Array.prototype.filter.call(elementsOf.call(form),
            function (control) {
                return !NO_INPUT.test(control.type)
                    && !control.matches(':disabled');
            });
    }

    function controls(form, name) {
        return allControls(form).filter(function (control) {
            return control.name === name;
        });
    }

    function isChoice(control) {
        return control.type === 'checkbox' || control.type === 'radio';
    }

    function optionValues(select) {
        return Array.prototype.filter.call(select.selectedOptions,
            function (option) {
                return !option.matches(':disabled');
            }).map(function (option) {
            return option.value;
        });
    }

    function valuesOf(list) {
        return list.reduce(function (values, control) {
            if (isChoice(control)) {
                return control.checked ? values.concat(control.value) : values;
            }
            return values.concat(control.selectedOptions
                ? optionValues(control) : control.value);
        }, []);
    }

    function isShown(element) {
        return element.getClientRects().length > 0;
    }

    /* Where a message can stand, seen: a control that a script of the page
     * has hidden may have a label; else only the server speaks. */
    function place(list) {
        var control = list[list.length - 1], label;
        if (isShown(control)) {
            return control;
        }
        label = control.labels && control.labels[0];
        return label && isShown(label) ? label : null;
    }

    /* ---- what HTML knows itself ----------------------------------------- */

    /* Which attributes are ours, so that what the page itself asks for can
     * be told from them: the flag that ValidityState raises for each. */
    var FLAGS = { required: 'valueMissing', pattern: 'patternMismatch',
        minlength: 'tooShort', maxlength: 'tooLong', min: 'rangeUnderflow',
        max: 'rangeOverflow', type: 'typeMismatch' };

    function set(state, control, name, value) {
        if (value === undefined || value === null
            || control.hasAttribute(name)) {
            return;
        }
        control.setAttribute(name, value);
        mark(state, control, name);
    }

    function mark(state, control, name) {
        if (!state.set.has(control)) {
            state.set.set(control, {});
        }
        if (FLAGS[name]) {
            state.set.get(control)[FLAGS[name]] = true;
        }
    }

    /* A kind of field that shows the same text, with a better keyboard. */
    var TYPES = { email: 'email', surel: 'email', hp: 'tel', telepon: 'tel',
        telepon_tetap: 'tel', uri: 'url', date: 'date',
        tanggal_lahir: 'date' };

    /* A calendar of the page's own would be one too many. */
    function takesDate(control) {
        return !control.readOnly && control.placeholder === ''
            && !control.list && Object.keys(control.dataset).length === 0
            && !/date|picker|tanggal|tgl|kalender/i.test(control.className)
            && /^([0-9]{4}-[0-9]{2}-[0-9]{2})?$/.test(control.value);
    }

    function betterType(state, control, rule) {
        var type = TYPES[rule.format];
        if (control.type !== 'text' || !type
            || (type === 'date' && !takesDate(control))) {
            return;
        }
        control.type = type;
        mark(state, control, 'type');
    }

    /* The attribute wants the whole value to match. */
    function asAttribute(source) {
        return /^\^[^|\\]*\$$/.test(source) ? source.slice(1, -1)
            : '[\\s\\S]*(?:' + source + ')[\\s\\S]*';
    }

    /* Twice the length: HTML counts halves of characters, and a limit that
     * stops the typing must not be narrower than the server's. */
    function constrainText(state, control, rule) {
        var source = rule.pattern || rule.formatPattern;
        set(state, control, 'minlength', rule.minLength);
        if (rule.maxLength !== undefined) {
            set(state, control, 'maxlength', 2 * rule.maxLength);
        }
        if (source && control.type !== 'textarea') {
            set(state, control, 'pattern', asAttribute(source));
        }
    }

    function keyboard(rule) {
        if (rule.type === 'integer' && Number(rule.minimum) >= 0) {
            return 'numeric';
        }
        return rule.type === 'number' && Number(rule.minimum) >= 0
            ? 'decimal' : rule.inputmode;
    }

    var TEXTUAL = /^(text|search|tel|url|email|password|textarea)$/;

    function constrainInput(state, control, rule) {
        betterType(state, control, rule);
        if (TEXTUAL.test(control.type)) {
            constrainText(state, control, rule);
            set(state, control, 'inputmode', keyboard(rule));
        }
        if (control.type === 'number' || control.type === 'range') {
            set(state, control, 'min', rule.minimum);
            set(state, control, 'max', rule.maximum);
        }
        if (!isChoice(control)) {
            set(state, control, 'autocomplete', rule.autocomplete);
        }
    }

    function accepted(types) {
        return types.map(function (type) {
            return type.indexOf('/') < 0 && type.charAt(0) !== '.'
                ? '.' + type : type;
        }).join(',');
    }

    function constrain(state, control, rule, alone) {
        if (rule.required && (control.type !== 'checkbox' || alone)) {
            set(state, control, 'required', '');
        }
        if (control.type === 'file') {
            set(state, control, 'accept', rule.files && rule.files.types
                && accepted(rule.files.types));
            return;
        }
        constrainInput(state, control, rule);
    }

    /* Each control once, also those that a script of the page adds later. */
    function constrainAll(state, form, rules) {
        rules.fields.forEach(function (rule) {
            var list = controls(form, rule.name);
            list.forEach(function (control) {
                constrain(state, control, rule, list.length === 1);
            });
        });
    }

    /* ---- which rules are for which form --------------------------------- */

    function decoded(text) {
        try {
            return decodeURIComponent(text);
        } catch (e) {
            return text;
        }
    }

    function escaped(text) {
        return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }

    function fits(template, segment) {
        return new RegExp('^' + template.split(/\{[^}]*\}/).map(escaped)
            .join('.+') + '$').test(decoded(segment));
    }

    /* For each segment 0, or 1 where it is a variable: what is sorted first
     * is the most concrete. null: another path. */
    function rank(template, path) {
        var parts = template.split('/'), segments = path.split('/');
        if (parts.length !== segments.length
            || !parts.every(function (part, i) {
                return fits(part, segments[i]);
            })) {
            return null;
        }
        return parts.map(function (part) {
            return part.indexOf('{') < 0 ? '0' : '1';
        }).join('');
    }

    function targetOf(form) {
        try {
            return new URL(form.getAttribute('action') || location.href,
                document.baseURI);
        } catch (e) {
            return null;
        }
    }

    function isSentAs(rules, form) {
        var method = (form.getAttribute('method') || 'get').toUpperCase();
        var type = (form.getAttribute('enctype')
            || 'application/x-www-form-urlencoded').toLowerCase();
        return method === rules.method
            && (!rules.enctype || method === 'GET' || rules.enctype === type);
    }

    function mostConcrete(all, form, path) {
        return all.filter(function (rules) {
            return rules.action !== '*' && isSentAs(rules, form)
                && rank(rules.action, path) !== null;
        }).sort(function (a, b) {
            return rank(a.action, path) < rank(b.action, path) ? -1 : 1;
        }).slice(0, 1);
    }

    /* {fields, compare} of the policy's operation and of the lines that are
     * for every form here; null: none of their fields is in this form. */
    function rulesFor(state, form) {
        var url = targetOf(form), found, fields;
        if (!url || url.origin !== location.origin) {
            return null;
        }
        found = mostConcrete(state.rules, form, url.pathname).concat(
            state.rules.filter(function (rules) {
                return rules.action === '*';
            }));
        fields = [].concat.apply([], found.map(function (rules) {
            return rules.fields;
        }));
        return fields.some(function (rule) {
            return controls(form, rule.name).length > 0;
        }) ? { fields: fields, compare: [].concat.apply([],
                found.map(function (rules) {
                    return rules.compare || [];
                })) } : null;
    }

    guard.allControls = allControls;
    guard.controls = controls;
    guard.isChoice = isChoice;
    guard.valuesOf = valuesOf;
    guard.place = place;
    guard.constrainAll = constrainAll;
    guard.rulesFor = rulesFor;
}(spbeGuardClient));
