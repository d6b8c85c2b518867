// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/query_table.h"

#include <pw_native_types.h>

#include <cstring>

#include "kernel/rtl/strings.h"

namespace pw::cm {
namespace {

constexpr std::size_t unit_bytes = sizeof(char16_t);
constexpr std::size_t longest_string_bytes = 0xFFFC;

bool is_string(ULONG type) { return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ; }

// A string's units without the terminator at its end.
std::u16string units_of(const std::vector<std::byte>& data) {
    std::u16string text(data.size() / unit_bytes, u'\0');
    if (!text.empty()) std::memcpy(text.data(), data.data(), text.size() * unit_bytes);
    if (text.ends_with(u'\0')) text.pop_back();
    return text;
}

std::vector<std::byte> terminated(std::u16string_view text) {
    std::vector<std::byte> data((text.size() + 1) * unit_bytes);
    std::memcpy(data.data(), text.data(), text.size() * unit_bytes);
    return data;
}

PWSTR wide(const std::u16string& text) { return reinterpret_cast<PWSTR>(const_cast<char16_t*>(text.c_str())); }

// RTL_QUERY_REGISTRY_DIRECT, a string: into the caller's buffer, or one that is allocated where it has none.
Status store_string(PUNICODE_STRING target, std::u16string_view text, const QueryCall& call) {
    const std::size_t bytes = text.size() * unit_bytes;
    if (bytes > longest_string_bytes) return STATUS_BUFFER_TOO_SMALL;
    if (!target->Buffer) {
        target->Buffer = static_cast<PWSTR>(call.allocate(bytes + unit_bytes));
        if (!target->Buffer) return STATUS_NO_MEMORY;
        target->MaximumLength = static_cast<USHORT>(bytes + unit_bytes);
    } else if (bytes + unit_bytes > target->MaximumLength) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    std::memcpy(target->Buffer, text.data(), bytes);
    std::memset(reinterpret_cast<char*>(target->Buffer) + bytes, 0, unit_bytes);
    target->Length = static_cast<USHORT>(bytes);
    return STATUS_SUCCESS;
}

// RTL_QUERY_REGISTRY_DIRECT, other data: "up to a ULONG it is stored at EntryContext. If it is longer, the buffer begins with its
// size as a LONG: negative, the data alone is stored; positive, its length and type go before it."
Status store_data(PVOID target, const KeyValue& value) {
    if (value.data.size() <= sizeof(ULONG)) {
        std::memcpy(target, value.data.data(), value.data.size());
        return STATUS_SUCCESS;
    }
    LONG size = 0;
    std::memcpy(&size, target, sizeof(size));
    const std::size_t room = size < 0 ? 0u - static_cast<ULONG>(size) : static_cast<ULONG>(size);
    auto* bytes = static_cast<std::byte*>(target);
    if (size >= 0) {
        const ULONG head[2] = {static_cast<ULONG>(value.data.size()), value.type};
        if (room < sizeof(head) + value.data.size()) return STATUS_BUFFER_TOO_SMALL;
        std::memcpy(bytes, head, sizeof(head));
        bytes += sizeof(head);
    } else if (room < value.data.size()) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    std::memcpy(bytes, value.data.data(), value.data.size());
    return STATUS_SUCCESS;
}

class TableWalk {
public:
    TableWalk(Registry& registry, KeyObject& top, const QueryCall& call) : registry_(registry), top_(top), key_(&top), call_(call) {}

    Status entry(const RTL_QUERY_REGISTRY_TABLE& entry) {
        if ((entry.Flags & RTL_QUERY_REGISTRY_DIRECT) && entry.QueryRoutine) return STATUS_INVALID_PARAMETER;
        if (entry.Flags & (RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_SUBKEY)) key_ = Ref<KeyObject>(&top_);
        const auto* name = reinterpret_cast<const char16_t*>(entry.Name);
        if (entry.Flags & RTL_QUERY_REGISTRY_SUBKEY) {
            if (!name) return STATUS_INVALID_PARAMETER;
            PW_TRY(focus(entry, name));
            return entry.QueryRoutine ? all_values(entry) : STATUS_SUCCESS;
        }
        if (name) return one_value(entry, name);
        if (entry.Flags & RTL_QUERY_REGISTRY_DIRECT) return STATUS_INVALID_PARAMETER;
        if (!entry.QueryRoutine) return STATUS_SUCCESS;
        if (entry.Flags & RTL_QUERY_REGISTRY_NOVALUE) {
            return entry.QueryRoutine(nullptr, REG_NONE, nullptr, 0, call_.context, entry.EntryContext);
        }
        return all_values(entry);
    }

private:
    Status focus(const RTL_QUERY_REGISTRY_TABLE& entry, std::u16string_view path) {
        auto found = registry_.find(&top_, path);
        if (!found && (entry.Flags & RTL_QUERY_REGISTRY_REQUIRED)) return found.status();
        key_ = found ? std::move(found).value() : Ref<KeyObject>();
        return STATUS_SUCCESS;
    }

    Status one_value(const RTL_QUERY_REGISTRY_TABLE& entry, const char16_t* name) {
        auto found = key_ ? registry_.value(*key_, name) : Result<KeyValue>(STATUS_OBJECT_NAME_NOT_FOUND);
        const bool is_there = found.is_ok();
        if (!is_there && found.status() != Status(STATUS_OBJECT_NAME_NOT_FOUND)) return found.status();
        KeyValue value;
        if (is_there) {
            value = std::move(found).value();
        } else {
            if (entry.Flags & RTL_QUERY_REGISTRY_REQUIRED) return STATUS_OBJECT_NAME_NOT_FOUND;
            if (!take_default(entry, name, &value)) return STATUS_SUCCESS;
        }
        PW_TRY(deliver(entry, value));
        if (is_there && (entry.Flags & RTL_QUERY_REGISTRY_DELETE)) registry_.remove_value(*key_, name).ignore();  // it may be gone
        return STATUS_SUCCESS;
    }

    Status all_values(const RTL_QUERY_REGISTRY_TABLE& entry) {
        std::vector<KeyValue> values;
        for (ULONG index = 0; key_; ++index) {
            auto value = registry_.value_at(*key_, index);
            if (!value) break;
            values.push_back(std::move(value).value());
        }
        if (values.empty() && (entry.Flags & RTL_QUERY_REGISTRY_REQUIRED)) return STATUS_OBJECT_NAME_NOT_FOUND;
        for (const KeyValue& value : values) {
            PW_TRY(deliver(entry, value));
            if (entry.Flags & RTL_QUERY_REGISTRY_DELETE) registry_.remove_value(*key_, value.name).ignore();
        }
        return STATUS_SUCCESS;
    }

    // False: there is no default.
    static bool take_default(const RTL_QUERY_REGISTRY_TABLE& entry, const char16_t* name, KeyValue* value) {
        // With RTL_QUERY_REGISTRY_TYPECHECK the topmost byte is the type that is expected.
        value->type = entry.DefaultType & ((1u << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) - 1);
        value->name = name;
        if (value->type == REG_NONE || !entry.DefaultData) return false;
        const auto* data = static_cast<const std::byte*>(entry.DefaultData);
        std::size_t bytes = entry.DefaultLength;
        if (bytes == 0 && is_string(value->type)) {
            const auto* text = static_cast<const char16_t*>(entry.DefaultData);
            std::size_t units = std::u16string_view(text).size() + 1;
            while (value->type == REG_MULTI_SZ && text[units - 1] != 0) units += std::u16string_view(text + units).size() + 1;
            bytes = units * unit_bytes;
        }
        value->data.assign(data, data + bytes);
        return true;
    }

    Status deliver(const RTL_QUERY_REGISTRY_TABLE& entry, const KeyValue& value) {
        const bool expands = !(entry.Flags & RTL_QUERY_REGISTRY_NOEXPAND);
        if (entry.Flags & RTL_QUERY_REGISTRY_DIRECT) {
            const ULONG expected = entry.DefaultType >> RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
            if ((entry.Flags & RTL_QUERY_REGISTRY_TYPECHECK) && expected != value.type) return STATUS_OBJECT_TYPE_MISMATCH;
            if (!is_string(value.type)) return store_data(entry.EntryContext, value);
            std::u16string text = units_of(value.data);
            if (value.type == REG_EXPAND_SZ && expands) text = expand_environment(text, call_.environment);
            return store_string(static_cast<PUNICODE_STRING>(entry.EntryContext), text, call_);
        }
        if (!entry.QueryRoutine) return STATUS_SUCCESS;
        if (value.type == REG_EXPAND_SZ && expands) {
            return call_routine(entry, value.name, REG_SZ, terminated(expand_environment(units_of(value.data), call_.environment)));
        }
        if (value.type == REG_MULTI_SZ && expands) {
            const std::u16string all = units_of(value.data);
            std::u16string_view rest = all;
            while (!rest.empty()) {
                const std::u16string_view one = rest.substr(0, rest.find(u'\0'));
                rest.remove_prefix(std::min(rest.size(), one.size() + 1));
                if (one.empty()) break;
                PW_TRY(call_routine(entry, value.name, REG_SZ, terminated(one)));
            }
            return STATUS_SUCCESS;
        }
        return call_routine(entry, value.name, value.type, value.data);
    }

    Status call_routine(const RTL_QUERY_REGISTRY_TABLE& entry, const std::u16string& name, ULONG type, std::vector<std::byte> data) {
        const NTSTATUS status = entry.QueryRoutine(wide(name), type, data.data(), static_cast<ULONG>(data.size()), call_.context,
                                                   entry.EntryContext);
        return NT_SUCCESS(status) ? STATUS_SUCCESS : status;
    }

    Registry& registry_;
    KeyObject& top_;
    Ref<KeyObject> key_;
    const QueryCall& call_;
};

}  // namespace

std::u16string expand_environment(std::u16string_view text, const char16_t* environment) {
    const auto value_of = [&](std::u16string_view name, std::u16string_view* value) {
        for (const char16_t* at = environment; at && *at;) {
            const std::u16string_view line(at);
            const std::size_t equal = line.find(u'=', 1);
            if (equal != std::u16string_view::npos && rtl::equal(line.substr(0, equal), name, rtl::Case::kInsensitive)) {
                *value = line.substr(equal + 1);
                return true;
            }
            at += line.size() + 1;
        }
        return false;
    };
    std::u16string out;
    while (!text.empty()) {
        const std::size_t open = text.find(u'%');
        out += text.substr(0, open);
        if (open == std::u16string_view::npos) break;
        text.remove_prefix(open);
        const std::size_t close = text.find(u'%', 1);
        std::u16string_view value;
        if (close != std::u16string_view::npos && close > 1 && value_of(text.substr(1, close - 1), &value)) {
            out += value;
            text.remove_prefix(close + 1);
        } else {
            out += u'%';
            text.remove_prefix(1);
        }
    }
    return out;
}

Status query_values(Registry& registry, KeyObject& key, PRTL_QUERY_REGISTRY_TABLE table, const QueryCall& call) {
    TableWalk walk(registry, key, call);
    for (; table->QueryRoutine || table->Name || (table->Flags & (RTL_QUERY_REGISTRY_SUBKEY | RTL_QUERY_REGISTRY_DIRECT)); ++table) {
        PW_TRY(walk.entry(*table));
    }
    return STATUS_SUCCESS;
}

}  // namespace pw::cm
