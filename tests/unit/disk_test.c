/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/disk_test.c - what the room on the disk allows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "logger/disk.h"

#define MIB ((apr_uint64_t)1 << 20)
#define GIB ((apr_uint64_t)1 << 30)

static void disk_stages(void **state)
{
    const struct {
        const char *label;
        apr_uint64_t reserve, free, total;
        spbe_disk_stage_t before, want;
    } tests[] = {
        {"much room", SPBE_DISK_BY_SIZE, 50 * GIB, 100 * GIB, 0, 0},
        {"5 % of a large disk", SPBE_DISK_BY_SIZE, 50 * GIB, 1000 * GIB, 0, 1},
        {"just more than the alarm", SPBE_DISK_BY_SIZE, 75 * GIB, 1000 * GIB, 0,
         0},
        {"just less", SPBE_DISK_BY_SIZE, 75 * GIB - 1, 1000 * GIB, 0, 1},
        {"below the reserve", SPBE_DISK_BY_SIZE, 50 * GIB - 1, 1000 * GIB, 0,
         2},
        {"below half", SPBE_DISK_BY_SIZE, 25 * GIB - 1, 1000 * GIB, 0, 3},
        {"2 GiB of a middling one", SPBE_DISK_BY_SIZE, 2 * GIB - 1, 20 * GIB, 0,
         2},
        {"1 GiB of it", SPBE_DISK_BY_SIZE, GIB - 1, 20 * GIB, 0, 3},
        {"below a sixteenth", SPBE_DISK_BY_SIZE, 128 * MIB - 1, 20 * GIB, 0, 4},
        {"a quarter of a small one", SPBE_DISK_BY_SIZE, 256 * MIB - 1, GIB, 0,
         2},
        {"a small one half full", SPBE_DISK_BY_SIZE, 512 * MIB, GIB, 0, 0},
        {"a figure", 100 * MIB, 99 * MIB, 1000 * GIB, 0, 2},
        {"a figure, more", 100 * MIB, 150 * MIB, 1000 * GIB, 0, 0},
        {"none", 0, 0, GIB, 0, 0},
        {"straight from the worst", 100 * MIB, 900 * MIB, GIB, 4, 0},
        {"not back at once", 100 * MIB, 101 * MIB, GIB, 2, 2},
        {"back with an eighth more", 100 * MIB, 113 * MIB, GIB, 2, 1},
        {"worse at once", 100 * MIB, 50 * MIB - 1, GIB, 2, 3},
        {"stays", 100 * MIB, 120 * MIB, GIB, 1, 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_disk_t disk = {.reserve = tests[i].reserve,
                            .stage = tests[i].before};
        int changed = spbe_disk_judge(&disk, tests[i].free, tests[i].total);

        if (disk.stage != tests[i].want ||
            changed != (tests[i].want != tests[i].before)) {
            fail_msg("%s: stage %d", tests[i].label, (int)disk.stage);
        }
        assert_int_equal(spbe_disk_words(disk.stage) == NULL, disk.stage == 0);
    }
}

static void disk_look(void **state)
{
    spbe_disk_t disk = {.reserve = APR_UINT64_MAX / 4};

    assert_int_equal(spbe_disk_look(&disk, "/nowhere/at/all"), 0);
    assert_int_equal(disk.total, 0);
    assert_int_equal(spbe_disk_look(&disk, "/"), 1);
    assert_true(disk.total > 0);
    assert_int_equal(disk.stage, SPBE_DISK_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disk_stages),
        cmocka_unit_test(disk_look),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
