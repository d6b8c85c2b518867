/* SPDX-License-Identifier: Apache-2.0 */
/* service.h - the path of a driver file for CreateService: argv[1] as a full path. */
#ifndef CONFORMANCE_SERVICE_H
#define CONFORMANCE_SERVICE_H

static char DriverPath[MAX_PATH];

/* Takes the driver's file from the command line; ends the program if it is missing. */
static void TakeDriverPath(int argc, char **argv)
{
    char *file = NULL;

    if (argc < 2) {
        fprintf(stderr, "usage: %s PATH_OF_THE_DRIVER\n", argv[0]);
        exit(2);
    }
    if (GetFullPathNameA(argv[1], sizeof(DriverPath), DriverPath, &file) == 0) {
        fprintf(stderr, "%s: GetFullPathName failed, error %u\n", argv[0], (unsigned)GetLastError());
        exit(2);
    }
}

#endif
