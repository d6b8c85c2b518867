// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/source_text.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/cli_error.h"

namespace pw::cli {
namespace {

enum class Utf16 { No, LittleEndian, BigEndian };

bool starts_with_bytes(std::string_view bytes, std::string_view mark) { return bytes.substr(0, mark.size()) == mark; }

// Without a mark, text is taken as UTF-16 when nearly every second byte of its beginning is zero and the others are not.
Utf16 guess_utf16(std::string_view bytes) {
  const std::size_t length = std::min<std::size_t>(bytes.size(), 512) & ~std::size_t{1};
  if (length < 8) return Utf16::No;
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < length; ++i) zeros[i & 1] += bytes[i] == '\0' ? 1 : 0;
  const std::size_t most = length / 2 * 9 / 10;
  if (zeros[1] >= most && zeros[0] == 0) return Utf16::LittleEndian;
  if (zeros[0] >= most && zeros[1] == 0) return Utf16::BigEndian;
  return Utf16::No;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::string decode_utf16(std::string_view bytes, Utf16 order) {
  std::string out;
  out.reserve(bytes.size() / 2);
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const std::uint32_t first = static_cast<unsigned char>(bytes[at]);
    const std::uint32_t second = static_cast<unsigned char>(bytes[at + 1]);
    return order == Utf16::LittleEndian ? first | second << 8 : second | first << 8;
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const std::uint32_t code = unit(at);
    const bool high = code >= 0xD800 && code < 0xDC00;
    const std::uint32_t next = high && at + 3 < bytes.size() ? unit(at + 2) : 0;
    if (next >= 0xDC00 && next < 0xE000) {
      append_utf8(out, 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00));
      at += 2;
    } else {
      append_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
    }
  }
  return out;
}

}  // namespace

SourceText decode_source(std::string_view bytes) {
  SourceText result;
  if (starts_with_bytes(bytes, "\xFF\xFE")) {
    result = {decode_utf16(bytes.substr(2), Utf16::LittleEndian), true};
  } else if (starts_with_bytes(bytes, "\xFE\xFF")) {
    result = {decode_utf16(bytes.substr(2), Utf16::BigEndian), true};
  } else if (const Utf16 order = guess_utf16(bytes); order != Utf16::No) {
    result = {decode_utf16(bytes, order), true};
  } else {
    result.text = starts_with_bytes(bytes, "\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
  }
  if (!result.text.empty() && result.text.back() == '\x1A') {
    result.text.pop_back();
    result.converted = true;
  }
  return result;
}

std::optional<std::string> read_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

void write_file(const std::string& path, std::string_view content) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  stream.flush();
  if (!stream) throw CliError(1, path, "cannot be written", "check the free space and the rights of its folder");
}

}  // namespace pw::cli
