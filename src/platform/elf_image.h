// SPDX-License-Identifier: Apache-2.0
// Reads from an ELF file what must be known before it is loaded, linked or run; never trusts an offset in it.
#pragma once

#include <string>
#include <vector>

namespace pw::platform {

// What is wrong with a file that should be an ELF file of this machine.
enum class ElfProblem { None, CannotRead, NotElf, WrongMachine, Damaged };

struct ElfSymbol {
  std::string name;
  bool defined = false;
  bool weak = false;
};

struct ElfImage {
  ElfProblem problem = ElfProblem::None;
  enum class Type { Relocatable, Executable, Shared, Other } type = Type::Other;
  bool has_interpreter = false;          // a program, also when it is position-independent
  std::vector<std::string> needed;       // DT_NEEDED, in order
  std::vector<ElfSymbol> exports;        // global dynamic symbols, defined or not
  std::vector<ElfSymbol> symbols;        // global symbols of the static symbol table (objects; unstripped images)

  [[nodiscard]] bool exports_symbol(const std::string& name) const;
  [[nodiscard]] bool needs(const std::string& library) const;
  [[nodiscard]] bool defines(const std::string& name) const;
};

// Reads x86-64 ELF files. The file's problem is in the result; the other fields are then empty.
[[nodiscard]] ElfImage read_elf_image(const std::string& path);

// The same for the bytes of a file.
[[nodiscard]] ElfImage parse_elf_image(const std::string& bytes);

}  // namespace pw::platform
