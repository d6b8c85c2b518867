// SPDX-License-Identifier: Apache-2.0
// What the service control manager keeps in the registry: a key per service, which its driver finds by RegistryPath.
#include <pw_native_types.h>

#include <algorithm>
#include <cstring>

#include "kernel/io/io_manager.h"
#include "kernel/io/service_control.h"

namespace pw::io {
namespace {

std::span<const std::byte> bytes_of(const ULONG& value) { return std::as_bytes(std::span(&value, 1)); }
// With the terminator, as strings of the registry have it.
std::span<const std::byte> bytes_of(const std::u16string& text) { return std::as_bytes(std::span(text.c_str(), text.size() + 1)); }

// A path of this machine as ImagePath has it: \??\Z:\a\b.sys.
std::u16string image_path_of(const std::string& path) {
    std::u16string text = u"\\??\\Z:" + widen(path);
    std::replace(text.begin(), text.end(), u'/', u'\\');
    return text;
}

ULONG number_of(const Result<cm::KeyValue>& value, ULONG otherwise) {
    ULONG number = otherwise;
    if (value && value.value().type == REG_DWORD && value.value().data.size() == sizeof(number)) {
        std::memcpy(&number, value.value().data.data(), sizeof(number));
    }
    return number;
}

std::u16string text_of(const Result<cm::KeyValue>& value) {
    if (!value || (value.value().type != REG_SZ && value.value().type != REG_EXPAND_SZ)) return {};
    std::u16string text(value.value().data.size() / sizeof(char16_t), u'\0');
    std::memcpy(text.data(), value.value().data.data(), text.size() * sizeof(char16_t));
    return text.substr(0, text.find(u'\0'));
}

}  // namespace

bool ServiceControl::write_key(const NewService& p) {
    auto key = registry_.create_path(std::u16string(cm::services_path) + p.name);
    if (!key) return false;
    const auto set = [&](std::u16string_view name, ULONG type, std::span<const std::byte> data) {
        return registry_.set_value(**key, name, type, data).is_success();
    };
    return set(u"Type", REG_DWORD, bytes_of(p.type)) && set(u"Start", REG_DWORD, bytes_of(p.start_type)) &&
           set(u"ErrorControl", REG_DWORD, bytes_of(p.error_control)) &&
           set(u"ImagePath", REG_EXPAND_SZ, bytes_of(image_path_of(host_path(p.binary_path)))) &&
           set(u"DisplayName", REG_SZ, bytes_of(p.display_name.empty() ? p.name : p.display_name));
}

ULONG ServiceControl::create_from_key(std::u16string_view name, Ref<ServiceObject>* service) {
    constexpr ULONG error_service_does_not_exist = 1060;
    auto key = registry_.find(nullptr, std::u16string(cm::services_path) + std::u16string(name));
    if (!key) return error_service_does_not_exist;
    const auto value = [&](std::u16string_view value_name) { return registry_.value(**key, value_name); };
    const NewService parameters{.name = std::u16string(name),
                                .display_name = text_of(value(u"DisplayName")),
                                .binary_path = text_of(value(u"ImagePath")),
                                .type = number_of(value(u"Type"), 1),
                                .start_type = number_of(value(u"Start"), 3),
                                .error_control = number_of(value(u"ErrorControl"), 1)};
    return create(parameters, service);
}

}  // namespace pw::io
