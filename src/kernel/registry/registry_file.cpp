// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/registry_file.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

namespace pw::cm {
namespace {

constexpr std::string_view first_line = "partywall registry 1";
constexpr char digits[] = "0123456789abcdef";

void print_hex(std::string& out, std::uint32_t value, int count) {
    for (int i = count - 1; i >= 0; --i) out += digits[value >> (4 * i) & 0xF];
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text, int base) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Printable ASCII as it is, other units as %XXXX.
void print_text(std::string& out, std::u16string_view text) {
    for (const char16_t c : text) {
        if (c >= 0x20 && c < 0x7F && c != u'%') {
            out += static_cast<char>(c);
        } else {
            out += '%';
            print_hex(out, c, 4);
        }
    }
}

std::optional<std::u16string> parse_text(std::string_view text) {
    std::u16string out;
    while (!text.empty()) {
        if (text.front() != '%') {
            out += static_cast<char16_t>(static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        const auto unit = parse_number<std::uint16_t>(text.substr(1, 4), 16);
        if (text.size() < 5 || !unit) return std::nullopt;
        out += static_cast<char16_t>(*unit);
        text.remove_prefix(5);
    }
    return out;
}

std::optional<std::vector<std::byte>> parse_bytes(std::string_view text) {
    std::vector<std::byte> out;
    if (text == "-") return out;
    if (text.size() % 2 != 0) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto byte = parse_number<std::uint8_t>(text.substr(i, 2), 16);
        if (!byte) return std::nullopt;
        out.push_back(static_cast<std::byte>(*byte));
    }
    return out;
}

// The text before the next space, or all of it; *text begins behind it.
std::string_view take_word(std::string_view* text) {
    const std::string_view word = text->substr(0, text->find(' '));
    text->remove_prefix(std::min(text->size(), word.size() + 1));
    return word;
}

// One line's effect. `key` is the key of the lines before.
Status apply(std::string_view line, Registry& registry, Ref<KeyObject>* key) {
    const std::string_view kind = take_word(&line);
    if (kind == "key") {
        const std::size_t tab = line.find('\t');
        const auto path = parse_text(line.substr(0, tab));
        const auto class_name = parse_text(tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1));
        if (!path || !class_name) return STATUS_REGISTRY_CORRUPT;
        if (auto there = registry.find(nullptr, *path)) {
            *key = std::move(there).value();
            return STATUS_SUCCESS;
        }
        PW_TRY_ASSIGN(CreatedKey created, registry.create(nullptr, *path, {.class_name = *class_name}));
        *key = std::move(created.key);
        return STATUS_SUCCESS;
    }
    if (kind != "value" || !*key) return STATUS_REGISTRY_CORRUPT;
    const auto type = parse_number<std::uint32_t>(take_word(&line), 10);
    const auto data = parse_bytes(take_word(&line));
    const auto name = parse_text(line);
    if (!type || !data || !name) return STATUS_REGISTRY_CORRUPT;
    return registry.set_value(**key, *name, *type, *data);
}

}  // namespace

Status parse_registry(std::string_view text, Registry& registry, std::size_t* bad_line) {
    Ref<KeyObject> key;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        *bad_line = number;
        if (number == 1) {
            if (line != first_line) return STATUS_NOT_REGISTRY_FILE;
        } else if (!line.empty()) {
            PW_TRY(apply(line, registry, &key));
        }
    }
    return STATUS_SUCCESS;
}

std::string print_registry(Registry& registry) {
    std::string out(first_line);
    out += '\n';
    registry.for_each_key([&](const std::u16string& path, const std::u16string& class_name, std::span<const KeyValue> values) {
        out += "key ";
        print_text(out, path);
        if (!class_name.empty()) {
            out += '\t';
            print_text(out, class_name);
        }
        out += '\n';
        for (const KeyValue& value : values) {
            out += "value " + std::to_string(value.type) + ' ';
            for (const std::byte byte : value.data) print_hex(out, static_cast<std::uint32_t>(byte), 2);
            if (value.data.empty()) out += '-';
            out += ' ';
            print_text(out, value.name);
            out += '\n';
        }
    });
    return out;
}

Status RegistryFile::load(Registry& registry) {
    std::ifstream file(path_, std::ios::binary);
    if (!file) return STATUS_SUCCESS;
    std::ostringstream text;
    text << file.rdbuf();
    if (file.bad()) {
        problem_ = "it cannot be read";
        return STATUS_REGISTRY_IO_FAILED;
    }
    std::size_t bad_line = 0;
    const Status parsed = parse_registry(text.str(), registry, &bad_line);
    if (parsed.is_failure()) problem_ = "line " + std::to_string(bad_line) + " is not of a registry";
    return parsed;
}

Status RegistryFile::save(Registry& registry) {
    const std::string text = print_registry(registry);
    const std::string beside = path_ + ".new";
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file || std::rename(beside.c_str(), path_.c_str()) != 0) {
        problem_ = "it cannot be written";
        return STATUS_REGISTRY_IO_FAILED;
    }
    return STATUS_SUCCESS;
}

}  // namespace pw::cm
