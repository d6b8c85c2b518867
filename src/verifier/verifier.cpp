// SPDX-License-Identifier: Apache-2.0
#include "verifier/verifier.h"

#include "kernel/services/absent_processes.h"

namespace pw::verifier {

Verifier::Verifier(nt::Kernel& kernel) : kernel_(kernel) {
    kernel_.io().set_observers(&requests_, this);
    kernel_.memory().pool().set_observer(&pool_);
    // A user address that a driver uses in another process's context.
    nt::hide_absent_processes(kernel_);
}

void Verifier::disconnect() {
    kernel_.io().set_observers(nullptr, nullptr);
    kernel_.memory().pool().set_observer(nullptr);
}

void Verifier::loading(io::DriverObject& driver) { images_.add(driver); }

void Verifier::unloaded(io::DriverObject& driver) {
    const std::size_t count = pool_.leaked_by(driver, nullptr) + requests_.leaked_by(driver, nullptr);
    if (count != 0) {
        stop({.code = driver_verifier_detected_violation,
              .parameters = {leaked_pool, reinterpret_cast<ULONG_PTR>(driver.nt()->DriverName.Buffer), 0, count},
              .detail = "driver " + driver.display_name() + " was unloaded with " + std::to_string(count) +
                        " allocation(s) that it did not free",
              .history = [&] {
                  std::string text;
                  static_cast<void>(pool_.leaked_by(driver, &text));
                  static_cast<void>(requests_.leaked_by(driver, &text));
                  return text;
              }});
    }
    pool_.forget(driver);
    images_.remove(driver);
}

}  // namespace pw::verifier
