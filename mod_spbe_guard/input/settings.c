/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/settings.c - questions to what the administrator decided.
 */
#include "input/settings.h"

/* Campaign marks of other sites, and fields that frameworks add to every form
 * themselves. Still examined for what is malformed. */
static const char *const known[] = {
    "utm_*",  "fbclid", "gclid",           "gclsrc",       "dclid",
    "msclkid", "_gl",   "_ga",             "_token",       "_method",
    "csrf_test_name",   "csrfmiddlewaretoken", "_csrf",    "__VIEWSTATE*",
    "__EVENTVALIDATION", "__EVENTTARGET",  "__EVENTARGUMENT",
    "__RequestVerificationToken", "javax.faces.*", "authenticity_token",
    "*-captcha-response", "*-recaptcha-response", "cf-turnstile-response", NULL
};

/* A name, with '*' at its beginning or end for anything. */
static int fits(const char *pattern, spbe_span_t name)
{
    spbe_span_t want = spbe_span_from(pattern);

    if (want.len > 0 && want.ptr[want.len - 1] == '*') {
        want.len--;
        return spbe_span_starts(name, want);
    }
    if (want.len > 0 && want.ptr[0] == '*') {
        return spbe_span_ends(name, spbe_span_slice(want, 1, want.len));
    }
    return spbe_span_eq(name, want);
}

spbe_action_t spbe_settings_action(const spbe_settings_t *settings,
                                   spbe_reason_t reason, spbe_span_t field)
{
    const apr_array_header_t *rules = settings->malformed;
    int i;

    for (i = rules == NULL ? -1 : rules->nelts - 1; i >= 0; i--) {
        const spbe_malformed_rule_t *rule =
            &APR_ARRAY_IDX(rules, i, spbe_malformed_rule_t);

        if ((rule->reason == reason
             || (rule->reason == SPBE_REASON_NONE
                 && spbe_reason_is_malformed(reason)))
            && (rule->field == NULL || fits(rule->field, field))) {
            return rule->action;
        }
    }
    return spbe_reason_default(reason);
}

int spbe_settings_ignored(const spbe_settings_t *settings, spbe_span_t field)
{
    const apr_array_header_t *more = settings->ignore;
    int i;

    for (i = 0; !settings->ignore_fresh && known[i] != NULL; i++) {
        if (fits(known[i], field)) {
            return 1;
        }
    }
    for (i = 0; more != NULL && i < more->nelts; i++) {
        if (fits(APR_ARRAY_IDX(more, i, const char *), field)) {
            return 1;
        }
    }
    return 0;
}
