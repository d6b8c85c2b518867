// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/irp_stop.h"

#include <algorithm>
#include <cstdio>

#include "exceptions/exceptions.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/io/device.h"
#include "kernel/io/driver.h"
#include "kernel/io/request_observer.h"

namespace pw::io {
namespace {

template <typename T>
bool read(const void* address, T* value) {
    return address && pw_guarded_copy(value, address, sizeof(T), nullptr) == 0;
}

std::string text_of(const char* format, auto... values) {
    char line[256];
    std::snprintf(line, sizeof(line), format, values...);
    return line;
}

std::string driver_of(PDEVICE_OBJECT device) {
    DEVICE_OBJECT copy;
    if (!read(device, &copy) || copy.Type != IO_TYPE_DEVICE) return "?";
    const DeviceObject* object = DeviceObject::from_nt(device);
    return object ? object->driver().display_name() : "?";
}

struct Subject {
    PIRP irp;
    RequestObserver* observer;
};

}  // namespace

std::string describe_irp(PIRP irp) {
    IRP copy;
    if (!read(irp, &copy)) return text_of("IRP %p is no memory", static_cast<void*>(irp));
    if (copy.Type != IO_TYPE_IRP) return text_of("IRP %p is no IRP (any more)", static_cast<void*>(irp));
    std::string text = text_of("IRP %p: location %d of %d, IoStatus 0x%08X, Information 0x%llx%s%s%s", static_cast<void*>(irp),
                               int{copy.CurrentLocation}, int{copy.StackCount}, static_cast<unsigned>(copy.IoStatus.Status),
                               static_cast<unsigned long long>(copy.IoStatus.Information), copy.PendingReturned ? ", pending" : "",
                               copy.Cancel ? ", cancelled" : "", copy.CancelRoutine ? ", has a cancel routine" : "");
    const auto* locations = reinterpret_cast<PIO_STACK_LOCATION>(irp + 1);
    constexpr int most = 16;
    for (int i = 0; i < std::min<int>(copy.StackCount, most); ++i) {
        IO_STACK_LOCATION location;
        if (!read(locations + i, &location) || !location.DeviceObject) continue;
        text += text_of("\n  location %d: major 0x%02x, minor 0x%02x, control 0x%02x, device %p of driver %s", i + 1,
                        unsigned{location.MajorFunction}, unsigned{location.MinorFunction}, unsigned{location.Control},
                        static_cast<void*>(location.DeviceObject), driver_of(location.DeviceObject).c_str());
    }
    return text;
}

void stop_for_irp(PIRP irp, const IrpViolation& violation, RequestObserver* observer) {
    const Subject subject{irp, observer};
    ke::BugCheckContext context;
    context.detail = violation.detail;
    context.history = [](const void* about) {
        const auto& [of_irp, of_observer] = *static_cast<const Subject*>(about);
        const std::string state = describe_irp(of_irp);
        return of_observer ? state + "\n" + of_observer->describe(of_irp) : state;
    };
    context.history_subject = &subject;
    ke::bug_check(violation.code, violation.parameters[0], violation.parameters[1], violation.parameters[2],
                  violation.parameters[3], &context);
}

}  // namespace pw::io
