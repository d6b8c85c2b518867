// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/start_object.h"

#include <fmt/format.h>

#include "cli/cc/function_heads.h"

namespace pw::cli {
namespace {

constexpr std::string_view common_part = R"(
typedef unsigned short wide;
extern void* malloc(unsigned long);
extern char __executable_start;

static unsigned long decode(const unsigned char** at) {
  const unsigned char* p = *at;
  unsigned long code = *p++;
  int more = code >= 0xF0 ? 3 : code >= 0xE0 ? 2 : code >= 0xC0 ? 1 : 0;
  if (more) code &= 0x3F >> more;
  for (; more && (*p & 0xC0) == 0x80; --more) code = code << 6 | (*p++ & 0x3F);
  *at = p;
  return more || code > 0x10FFFF ? 0xFFFD : code;
}

static wide* widen(const char* text) {
  const unsigned char* p = (const unsigned char*)text;
  unsigned long length = 0;
  while (text[length]) ++length;
  wide* out = malloc((length + 1) * sizeof(wide));
  wide* at = out;
  while (out && *p) {
    unsigned long code = decode(&p);
    if (code >= 0x10000) {
      *at++ = (wide)(0xD800 + ((code - 0x10000) >> 10));
      code = 0xDC00 + ((code - 0x10000) & 0x3FF);
    }
    *at++ = (wide)code;
  }
  if (out) *at = 0;
  return out;
}

static wide** widen_all(char** list) {
  unsigned long count = 0;
  while (list[count]) ++count;
  wide** out = malloc((count + 1) * sizeof(wide*));
  for (unsigned long i = 0; out && i <= count; ++i) out[i] = i < count ? widen(list[i]) : 0;
  return out;
}

static char* command_line(char** argv) {
  unsigned long size = 1;
  for (char** a = argv; *a; ++a) {
    unsigned long length = 0;
    while ((*a)[length]) ++length;
    size += 2 * length + 3;
  }
  char* out = malloc(size);
  char* at = out;
  for (char** a = argv; out && *a; ++a) {
    int quote = !**a;
    for (char* c = *a; *c; ++c) quote = quote || *c == ' ' || *c == '\t';
    if (a != argv) *at++ = ' ';
    if (quote) *at++ = '"';
    unsigned long slashes = 0;
    for (char* c = *a; *c; ++c) {
      if (*c == '\\') {
        ++slashes;
      } else {
        if (*c == '"') for (++slashes; slashes; --slashes) *at++ = '\\';
        slashes = 0;
      }
      *at++ = *c;
    }
    if (quote) {
      for (; slashes; --slashes) *at++ = '\\';
      *at++ = '"';
    }
  }
  if (out) *at = 0;
  return out;
}
)";

std::string main_with(std::string_view declaration, std::string_view body) {
  return std::string(common_part) + "extern " + std::string(declaration) +
         ";\nint main(int argc, char** argv, char** envp) { " + std::string(body) + " }\n";
}

}  // namespace

std::string start_source(const SymbolQuestion& defines) {
  if (defines("main")) return {};
  if (defines(entry_main_value)) {
    return main_with("int pw_main_value(int, char**, char**)", "return pw_main_value(argc, argv, envp);");
  }
  if (defines(entry_main_void)) {
    return main_with("void pw_main_void(int, char**, char**)", "pw_main_void(argc, argv, envp); return 0;");
  }
  if (defines("wmain")) {
    return main_with("int wmain(int, wide**, wide**)", "return wmain(argc, widen_all(argv), widen_all(envp));");
  }
  if (defines(entry_wmain_void)) {
    return main_with("void pw_wmain_void(int, wide**, wide**)",
                     "pw_wmain_void(argc, widen_all(argv), widen_all(envp)); return 0;");
  }
  if (defines("wWinMain")) {
    return main_with("int wWinMain(void*, void*, wide*, int)",
                     "return wWinMain(&__executable_start, 0, widen(command_line(argv + (argc > 0))), 10);");
  }
  if (defines("WinMain")) {
    return main_with("int WinMain(void*, void*, char*, int)",
                     "return WinMain(&__executable_start, 0, command_line(argv + (argc > 0)), 10);");
  }
  return {};
}

std::string driver_cxx_source(const SymbolQuestion& defines, const SymbolQuestion& needs) {
  std::string source;
  if (needs("__cxa_pure_virtual") || needs("__cxa_deleted_virtual")) {
    source += "__attribute__((weak)) void __cxa_pure_virtual(void) { __builtin_trap(); }\n"
              "__attribute__((weak)) void __cxa_deleted_virtual(void) { __builtin_trap(); }\n";
  }
  struct Operator {
    const char* plain;
    const char* sized;
  };
  for (const auto& [plain, sized] : {Operator{"_ZdlPv", "_ZdlPvm"}, Operator{"_ZdaPv", "_ZdaPvm"}}) {
    if (needs(sized) && !defines(sized) && defines(plain)) {
      source += fmt::format("extern void {0}(void*);\nvoid {1}(void* p, unsigned long n) {{ {0}(p); }}\n", plain, sized);
    }
    if (needs(plain) && !defines(plain) && defines(sized)) {
      source += fmt::format("extern void {1}(void*, unsigned long);\nvoid {0}(void* p) {{ {1}(p, 0); }}\n", plain, sized);
    }
  }
  return source;
}

}  // namespace pw::cli
