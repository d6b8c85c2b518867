// SPDX-License-Identifier: Apache-2.0
#include "platform/elf_image.h"

#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace pw::platform {
namespace {

// Bounds-checked view of the file's bytes.
class ElfBytes {
 public:
  explicit ElfBytes(const std::string& bytes) : bytes_(bytes) {}

  template <typename T>
  bool read(std::uint64_t offset, T& value) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return false;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return true;
  }

  // The zero-terminated string at offset, which ends before limit.
  bool read_string(std::uint64_t offset, std::uint64_t limit, std::string& text) const {
    limit = std::min<std::uint64_t>(limit, bytes_.size());
    if (offset >= limit) return false;
    const void* end = std::memchr(bytes_.data() + offset, '\0', limit - offset);
    if (end == nullptr) return false;
    text.assign(bytes_.data() + offset, static_cast<const char*>(end));
    return true;
  }

  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }

 private:
  const std::string& bytes_;
};

class ElfParser {
 public:
  explicit ElfParser(const std::string& bytes) : bytes_(bytes) {}

  ElfImage parse() {
    if (!bytes_.read(0, header_)) {
      image_.problem = ElfProblem::NotElf;
    } else if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) {
      image_.problem = ElfProblem::NotElf;
    } else if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB ||
               header_.e_machine != EM_X86_64) {
      image_.problem = ElfProblem::WrongMachine;
    } else if (!read_sections() || !read_program_headers()) {
      image_ = {};
      image_.problem = ElfProblem::Damaged;
    } else {
      image_.type = header_.e_type == ET_REL    ? ElfImage::Type::Relocatable
                    : header_.e_type == ET_EXEC ? ElfImage::Type::Executable
                    : header_.e_type == ET_DYN  ? ElfImage::Type::Shared
                                                : ElfImage::Type::Other;
    }
    return std::move(image_);
  }

 private:
  bool read_section(std::uint64_t index, Elf64_Shdr& section) const {
    return index < header_.e_shnum && header_.e_shentsize == sizeof section &&
           header_.e_shoff <= bytes_.size() && bytes_.read(header_.e_shoff + index * sizeof section, section);
  }

  bool read_sections() {
    for (std::uint64_t index = 0; index < header_.e_shnum; ++index) {
      Elf64_Shdr section;
      if (!read_section(index, section)) return false;
      bool good = true;
      if (section.sh_type == SHT_SYMTAB) good = read_symbols(section, image_.symbols);
      if (section.sh_type == SHT_DYNSYM) good = read_symbols(section, image_.exports);
      if (section.sh_type == SHT_DYNAMIC) good = read_dynamic(section);
      if (!good) return false;
    }
    return true;
  }

  bool read_strings(const Elf64_Shdr& section, Elf64_Shdr& strings) const {
    return read_section(section.sh_link, strings) && strings.sh_type == SHT_STRTAB &&
           strings.sh_offset <= bytes_.size() && strings.sh_size <= bytes_.size() - strings.sh_offset;
  }

  [[nodiscard]] bool contains(const Elf64_Shdr& section) const {
    return section.sh_offset <= bytes_.size() && section.sh_size <= bytes_.size() - section.sh_offset;
  }

  bool read_symbols(const Elf64_Shdr& section, std::vector<ElfSymbol>& symbols) const {
    Elf64_Shdr strings;
    if (!read_strings(section, strings) || !contains(section)) return false;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      if (!bytes_.read(section.sh_offset + at, symbol)) return false;
      const unsigned binding = ELF64_ST_BIND(symbol.st_info);
      if (binding != STB_GLOBAL && binding != STB_WEAK && binding != STB_GNU_UNIQUE) continue;
      ElfSymbol found;
      if (!bytes_.read_string(strings.sh_offset + symbol.st_name, strings.sh_offset + strings.sh_size, found.name)) {
        return false;
      }
      found.defined = symbol.st_shndx != SHN_UNDEF;
      found.weak = binding == STB_WEAK;
      symbols.push_back(std::move(found));
    }
    return true;
  }

  bool read_dynamic(const Elf64_Shdr& section) {
    Elf64_Shdr strings;
    if (!read_strings(section, strings) || !contains(section)) return false;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= section.sh_size; at += sizeof(Elf64_Dyn)) {
      Elf64_Dyn entry;
      if (!bytes_.read(section.sh_offset + at, entry)) return false;
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag != DT_NEEDED) continue;
      if (entry.d_un.d_val > strings.sh_size) return false;
      std::string name;
      if (!bytes_.read_string(strings.sh_offset + entry.d_un.d_val, strings.sh_offset + strings.sh_size, name)) {
        return false;
      }
      image_.needed.push_back(std::move(name));
    }
    return true;
  }

  bool read_program_headers() {
    for (std::uint64_t index = 0; index < header_.e_phnum; ++index) {
      Elf64_Phdr segment;
      if (header_.e_phoff > bytes_.size() || !bytes_.read(header_.e_phoff + index * sizeof segment, segment)) return false;
      image_.has_interpreter = image_.has_interpreter || segment.p_type == PT_INTERP;
    }
    return true;
  }

  ElfBytes bytes_;
  Elf64_Ehdr header_ = {};
  ElfImage image_;
};

}  // namespace

bool ElfImage::exports_symbol(const std::string& name) const {
  return std::any_of(exports.begin(), exports.end(),
                     [&name](const ElfSymbol& symbol) { return symbol.defined && symbol.name == name; });
}

bool ElfImage::needs(const std::string& library) const {
  return std::find(needed.begin(), needed.end(), library) != needed.end();
}

bool ElfImage::defines(const std::string& name) const {
  return std::any_of(symbols.begin(), symbols.end(),
                     [&name](const ElfSymbol& symbol) { return symbol.defined && symbol.name == name; });
}

ElfImage parse_elf_image(const std::string& bytes) { return ElfParser(bytes).parse(); }

ElfImage read_elf_image(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  ElfImage image;
  image.problem = ElfProblem::CannotRead;
  if (!stream) return image;
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) return image;
  return parse_elf_image(bytes);
}

}  // namespace pw::platform
