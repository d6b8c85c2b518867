// SPDX-License-Identifier: Apache-2.0
// Direct calls of the printf family go to the pw_ names. A redirected symbol is not enough there: gcc still takes `sprintf`
// for its built-in and folds its result by GNU's formats (tried: a %ld that prints 32 bits gave another length).
// No include guard: <cstdio> undefines these names, so its wrapper reads this again.
#undef printf
#undef vprintf
#undef fprintf
#undef vfprintf
#undef sprintf
#undef vsprintf
#undef snprintf
#undef vsnprintf
#undef scanf
#undef vscanf
#undef fscanf
#undef vfscanf
#undef sscanf
#undef vsscanf
#undef vswprintf
#define printf(...) pw_printf(__VA_ARGS__)
#define vprintf(...) pw_vprintf(__VA_ARGS__)
#define fprintf(...) pw_fprintf(__VA_ARGS__)
#define vfprintf(...) pw_vfprintf(__VA_ARGS__)
#define sprintf(...) pw_sprintf(__VA_ARGS__)
#define vsprintf(...) pw_vsprintf(__VA_ARGS__)
#define snprintf(...) pw_snprintf(__VA_ARGS__)
#define vsnprintf(...) pw_vsnprintf(__VA_ARGS__)
#define scanf(...) pw_scanf(__VA_ARGS__)
#define vscanf(...) pw_vscanf(__VA_ARGS__)
#define fscanf(...) pw_fscanf(__VA_ARGS__)
#define vfscanf(...) pw_vfscanf(__VA_ARGS__)
#define sscanf(...) pw_sscanf(__VA_ARGS__)
#define vsscanf(...) pw_vsscanf(__VA_ARGS__)
#define vswprintf(...) pw_vswprintf(__VA_ARGS__)
