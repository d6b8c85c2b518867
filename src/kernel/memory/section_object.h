// SPDX-License-Identifier: Apache-2.0
// SectionObject: a section core with a name and handles.
#pragma once

#include "kernel/memory/section.h"
#include "kernel/objects/object.h"

namespace pw::mm {

class SectionObject final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::section_type; }
    static Ref<SectionObject> create(ob::ObjectManager& manager, Ref<SectionCore> core) {
        return Ref<SectionObject>::adopt(new (std::nothrow) SectionObject(manager, std::move(core)));
    }
    [[nodiscard]] SectionCore& core() const { return *core_; }

    // Created by a driver with a kernel handle: no application got a handle with its creation. Set before anybody sees it.
    [[nodiscard]] bool is_kernels_own() const { return is_kernels_own_; }
    void set_kernels_own(bool kernels_own) { is_kernels_own_ = kernels_own; }

private:
    SectionObject(ob::ObjectManager& manager, Ref<SectionCore> core)
        : Object(manager, ob::section_type, &nt_.body), nt_(this), core_(std::move(core)) {}
    struct Nothing {
        std::uint64_t unused;
    };
    ob::Body<Nothing> nt_;
    const Ref<SectionCore> core_;
    bool is_kernels_own_ = false;
};

}  // namespace pw::mm
