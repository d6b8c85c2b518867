// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/key_information.h"

#include <cstddef>
#include <cstring>

namespace pw::cm {
namespace {

constexpr std::size_t unit_bytes = sizeof(char16_t);

// A head of `fixed_bytes` and what follows it.
template <typename Head>
Information begin(const Head& head, std::size_t fixed_bytes) {
    Information out{.bytes = std::vector<std::byte>(fixed_bytes), .fixed_bytes = fixed_bytes};
    std::memcpy(out.bytes.data(), &head, fixed_bytes);
    return out;
}

void add(Information& out, const void* data, std::size_t bytes) {
    if (bytes == 0) return;
    const std::size_t before = out.bytes.size();
    out.bytes.resize(before + bytes);
    std::memcpy(out.bytes.data() + before, data, bytes);
}
void add(Information& out, const std::u16string& text) { add(out, text.data(), text.size() * unit_bytes); }

ULONG bytes_of(const std::u16string& text) { return static_cast<ULONG>(text.size() * unit_bytes); }

Information full_value(const KeyValue& value, std::size_t alignment) {
    KEY_VALUE_FULL_INFORMATION head = {};
    constexpr std::size_t fixed = offsetof(KEY_VALUE_FULL_INFORMATION, Name);
    const std::size_t data_offset = (fixed + bytes_of(value.name) + alignment - 1) / alignment * alignment;
    head.Type = value.type;
    head.DataOffset = static_cast<ULONG>(data_offset);
    head.DataLength = static_cast<ULONG>(value.data.size());
    head.NameLength = bytes_of(value.name);
    Information out = begin(head, fixed);
    add(out, value.name);
    out.bytes.resize(data_offset);
    add(out, value.data.data(), value.data.size());
    return out;
}

}  // namespace

Result<Information> key_information(const KeyFacts& facts, ULONG information_class) {
    switch (information_class) {
        case KeyBasicInformation: {
            KEY_BASIC_INFORMATION head = {};
            head.LastWriteTime = facts.last_write;
            head.NameLength = bytes_of(facts.name);
            Information out = begin(head, offsetof(KEY_BASIC_INFORMATION, Name));
            add(out, facts.name);
            return out;
        }
        case KeyNodeInformation: {
            KEY_NODE_INFORMATION head = {};
            constexpr std::size_t fixed = offsetof(KEY_NODE_INFORMATION, Name);
            head.LastWriteTime = facts.last_write;
            head.ClassOffset = static_cast<ULONG>(fixed + bytes_of(facts.name));
            head.ClassLength = bytes_of(facts.class_name);
            head.NameLength = bytes_of(facts.name);
            Information out = begin(head, fixed);
            add(out, facts.name);
            add(out, facts.class_name);
            return out;
        }
        case KeyFullInformation: {
            KEY_FULL_INFORMATION head = {};
            constexpr std::size_t fixed = offsetof(KEY_FULL_INFORMATION, Class);
            head.LastWriteTime = facts.last_write;
            head.ClassOffset = fixed;
            head.ClassLength = bytes_of(facts.class_name);
            head.SubKeys = facts.subkeys;
            head.MaxNameLen = static_cast<ULONG>(facts.longest_subkey_name_units * unit_bytes);
            head.MaxClassLen = static_cast<ULONG>(facts.longest_class_units * unit_bytes);
            head.Values = facts.values;
            head.MaxValueNameLen = static_cast<ULONG>(facts.longest_value_name_units * unit_bytes);
            head.MaxValueDataLen = facts.longest_value_bytes;
            Information out = begin(head, fixed);
            add(out, facts.class_name);
            return out;
        }
        case KeyNameInformation: {
            const ULONG length = bytes_of(facts.path);
            Information out = begin(length, sizeof(length));
            add(out, facts.path);
            return out;
        }
        default: return STATUS_INVALID_PARAMETER;
    }
}

Result<Information> value_information(const KeyValue& value, ULONG information_class) {
    switch (information_class) {
        case KeyValueBasicInformation: {
            KEY_VALUE_BASIC_INFORMATION head = {};
            head.Type = value.type;
            head.NameLength = bytes_of(value.name);
            Information out = begin(head, offsetof(KEY_VALUE_BASIC_INFORMATION, Name));
            add(out, value.name);
            return out;
        }
        case KeyValueFullInformation: return full_value(value, alignof(ULONG));
        case KeyValueFullInformationAlign64: return full_value(value, sizeof(ULONGLONG));
        case KeyValuePartialInformation: {
            KEY_VALUE_PARTIAL_INFORMATION head = {};
            head.Type = value.type;
            head.DataLength = static_cast<ULONG>(value.data.size());
            Information out = begin(head, offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data));
            add(out, value.data.data(), value.data.size());
            return out;
        }
        case KeyValuePartialInformationAlign64: {
            KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 head = {};
            head.Type = value.type;
            head.DataLength = static_cast<ULONG>(value.data.size());
            Information out = begin(head, offsetof(KEY_VALUE_PARTIAL_INFORMATION_ALIGN64, Data));
            add(out, value.data.data(), value.data.size());
            return out;
        }
        default: return STATUS_INVALID_PARAMETER;
    }
}

}  // namespace pw::cm
