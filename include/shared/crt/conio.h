// SPDX-License-Identifier: Apache-2.0
// <conio.h>: keys and text on the console.
#ifndef PW_CONIO_H
#define PW_CONIO_H
#ifndef PARTYWALL_BUILD
#include "pw_crt_declare.h"
#define kbhit _kbhit
#define getch _getch
#define getche _getche
#define putch _putch
#endif
#endif
