/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/policy_formats.c - "policy formats": every format that a policy may
 * name, in words and with an example.
 */
#include "ctl/policy.h"

#include <stdio.h>
#include "text/jsonout.h"

static void print_json(apr_pool_t *pool)
{
    const spbe_format_t *format;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 8192, pool);
    spbe_buf_addc(&buf, '[');
    for (format = spbe_formats(); format->name != NULL; format++) {
        spbe_jsonout_comma(&buf);
        spbe_buf_adds(&buf, buf.len > 1 ? "\n{" : "{");
        spbe_jsonout_text(&buf, "name", format->name);
        spbe_jsonout_text(&buf, "about", spbe_format_about(format));
        spbe_jsonout_text(&buf, "example", format->example);
        spbe_jsonout_raw(&buf, "personal",
                         format->identifier ? "true" : "false");
        if (format->max_length > 0) {
            spbe_jsonout_number(&buf, "maxLength", format->max_length);
        }
        spbe_buf_addc(&buf, '}');
    }
    spbe_buf_addc(&buf, ']');
    puts(spbe_buf_cstr(&buf));
}

int spbe_ctl_policy_formats(const spbe_ctl_policy_t *args)
{
    const spbe_format_t *format;

    if (args->words->nelts > 0) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "policy formats takes nothing but --json");
    }
    if (args->json) {
        print_json(args->ctl->pool);
        return SPBE_CTL_FINE;
    }
    for (format = spbe_formats(); format->name != NULL; format++) {
        printf("%-21s  %s%s\n", format->name, spbe_format_about(format),
               format->identifier ? "; personal" : "");
        if (format->example[0] != '\0') {
            printf("%-21s    %s\n", "", format->example);
        }
    }
    return SPBE_CTL_FINE;
}
