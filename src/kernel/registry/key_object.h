// SPDX-License-Identifier: Apache-2.0
// KeyObject: a registry key, its values and its place in the tree; the object that handles of the key lead to.
#pragma once

#include <nt/ke_types.h>

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/objects/object.h"

namespace pw::cm {

struct KeyValue {
    std::u16string name;  // as it was given; empty: the key's default value
    ULONG type = 0;
    std::vector<std::byte> data;
};

class KeyObject final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::key_type; }

private:
    friend class Registry;

    enum class Kind : std::uint8_t { stored, is_volatile, root };  // a root: the system's own, never deleted

    KeyObject(ob::ObjectManager& objects, std::u16string name, std::u16string class_name, Kind kind)
        : Object(objects, ob::key_type, &nt_.body), nt_(this), name_(std::move(name)), class_(std::move(class_name)), kind_(kind) {}

    struct Nothing {
        std::uint64_t unused;
    };
    ob::Body<Nothing> nt_;
    const std::u16string name_;
    const std::u16string class_;
    const Kind kind_;
    // Guarded by the registry's lock. A key that was deleted has no parent and keeps nothing; it lives as long as its handles.
    KeyObject* parent_ = nullptr;
    std::map<std::u16string, Ref<KeyObject>> children_;  // by upper-cased name
    std::map<std::u16string, KeyValue> values_;          // by upper-cased name
    LARGE_INTEGER last_write_ = {};
    bool is_deleted_ = false;
};

}  // namespace pw::cm
