/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/spbe-guard-words.js - what is expected, in human words: the sentences of
 * conf/messages, chosen as failure/complaint.c chooses them for the page of a
 * refusal.
 */
(function (guard) {
    'use strict';

    var WORDS = {
        minLength: 'min_length', maxLength: 'max_length',
        minimum: 'minimum', maximum: 'maximum', exclusiveMinimum: 'above',
        exclusiveMaximum: 'below', multipleOf: 'multiple', enum: 'choice',
        const: 'fixed', minItems: 'min_items', maxItems: 'max_items',
        uniqueItems: 'unique', pattern: 'pattern', fileCount: 'file_count',
        '<': 'compare_lt', '<=': 'compare_le', '==': 'compare_eq',
        '!=': 'compare_ne', '>=': 'compare_ge', '>': 'compare_gt'
    };
    /* Longer lists are not read. */
    var LIST_MAX = 120;

    function fill(text, arg) {
        return text.replace('%s', function () { return arg; });
    }

    /* "1,5 MB": never more than it is. */
    function size(bytes, language) {
        var units = ['byte', 'KB', 'MB', 'GB'], unit = 0, n = Number(bytes);
        while (n >= 1024 && unit < 3) {
            n /= 1024;
            unit++;
        }
        return (Math.floor(n * 10) / 10).toLocaleString(language) + ' '
            + units[unit];
    }

    /* "image/*" is a picture, "application/pdf" and ".pdf" are PDF. */
    function typeName(media, type) {
        var parts = type.replace(/^\./, '').split('/');
        if (parts[1] === '*') {
            return media[parts[0]] || type;
        }
        return parts[parts.length - 1].replace('jpeg', 'jpg').toUpperCase();
    }

    function ofFileType(words, arg) {
        var names = arg.split(', ').map(typeName.bind(null, words.media));
        return fill(words.expect.file_type, names.join(', '));
    }

    function ofFormat(words, rule, arg) {
        var text = words.format[arg] || words.expect.format;
        return rule.example && arg === rule.format
            ? text + ' ' + fill(words.expect.example, rule.example) : text;
    }

    /* What is missing of several that are offered is chosen, not written. */
    function ofMissing(expect, rule, found) {
        return expect[found.tick ? 'required_tick'
            : found.choice || rule.enum || rule.files ? 'required_choice'
                : 'required'];
    }

    function ofKeyword(expect, found) {
        var key = WORDS[found.keyword] || 'other', arg = found.arg;
        if (found.days && expect[key + '_date']) {
            key += '_date';
        }
        if (arg === '0' && expect[key + '_none']) {
            return expect[key + '_none'];
        }
        if (arg === '1' && expect[key + '_one']) {
            return expect[key + '_one'];
        }
        if (found.keyword === 'minLength' && arg === '1') {
            return expect.required;
        }
        if (arg !== null && arg.length > LIST_MAX && expect[key + '_other']) {
            return expect[key + '_other'];
        }
        return fill(expect[key], arg);
    }

    function sentence(words, rule, found, language) {
        switch (found.keyword) {
        case 'required':
            return ofMissing(words.expect, rule, found);
        case 'type':
            return words.type[found.arg] || words.expect.other;
        case 'format':
            return ofFormat(words, rule, found.arg);
        case 'fileSize':
            return fill(words.expect.file_size, size(found.arg, language));
        case 'fileType':
            return ofFileType(words, found.arg);
        case 'page':
            return found.arg;
        default:
            return ofKeyword(words.expect, found);
        }
    }

    function chosen(texts, language) {
        return texts ? texts[language] || texts.id || texts.en || '' : '';
    }

    function languageOf(form) {
        var nearest = form.closest('[lang]');
        return /^en\b/i.test(nearest ? nearest.lang : '') ? 'en' : 'id';
    }

    /* What is expected, and what the policy's author adds to it. */
    function message(state, form, problem) {
        var language = languageOf(form), found = problem.found;
        var rule = problem.rule, hint = chosen(problem.hint, language);
        var text = sentence(state.words[language], rule, found, language);
        if (hint && /^(pattern|other)$/.test(found.keyword)) {
            return hint;
        }
        return hint && found.keyword !== 'required' && hint !== text
            ? text.replace(/([^.!?])$/, '$1.') + ' ' + hint : text;
    }

    guard.sentence = sentence;
    guard.chosen = chosen;
    guard.languageOf = languageOf;
    guard.message = message;
}(spbeGuardClient));
