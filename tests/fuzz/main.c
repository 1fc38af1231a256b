/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/main.c - replays inputs through a fuzz target without libFuzzer.
 *
 * Arguments are files and folders; without any, the folder that is named after
 * the program: tests/fuzz/fuzz_x.in for build/fuzz/fuzz_x. Feeding nothing is
 * a failure: a replay that finds no seed proves nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int feed_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    /* Exactly as long as the input, so that a read behind its end is seen. */
    uint8_t *data = malloc(size == 0 ? 1 : size);
    int ok = 0;

    if (file != NULL && data != NULL && fread(data, 1, size, file) == size) {
        LLVMFuzzerTestOneInput(data, size);
        ok = 1;
    }
    else {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    if (file != NULL) {
        fclose(file);
    }
    free(data);
    return ok;
}

static unsigned feed(const char *path);

static unsigned feed_folder(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    unsigned fed = 0;
    char name[4096];

    if (dir == NULL) {
        return 0;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
            fed += feed(name);
        }
    }
    closedir(dir);
    return fed;
}

static unsigned feed(const char *path)
{
    struct stat info;

    if (stat(path, &info) == -1) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 0;
    }
    if (S_ISDIR(info.st_mode)) {
        return feed_folder(path);
    }
    return (unsigned)feed_file(path, (size_t)info.st_size);
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    char folder[4096];
    unsigned fed = 0;
    int i;

    snprintf(folder, sizeof(folder), "tests/fuzz/%s.in",
             name == NULL ? argv[0] : name + 1);
    for (i = 1; i < argc; i++) {
        fed += feed(argv[i]);
    }
    if (argc == 1) {
        fed = feed(folder);
    }
    printf("%s: %u inputs\n", argv[0], fed);
    return fed == 0;
}
