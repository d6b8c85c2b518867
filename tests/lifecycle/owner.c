/* SPDX-License-Identifier: Apache-2.0 */
/* An application of the host's own user: makes two events, one for itself and one for all, prints its number, and waits for its
 * standard input to end. */
#include <windows.h>

#include <sddl.h>
#include <stdio.h>

int main(void)
{
    SECURITY_ATTRIBUTES shared = {sizeof(shared), NULL, FALSE};
    HANDLE own = CreateEventA(NULL, TRUE, FALSE, "OwnersEvent");
    HANDLE all;

    if (!ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;0x100003;;;WD)", SDDL_REVISION_1,
                                                              &shared.lpSecurityDescriptor, NULL)) {
        return 1;
    }
    all = CreateEventA(&shared, TRUE, FALSE, "SharedEvent");
    if (own == NULL || all == NULL) {
        return 1;
    }
    printf("%u\n", (unsigned)GetCurrentProcessId());
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
