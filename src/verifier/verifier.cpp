// SPDX-License-Identifier: Apache-2.0
#include "verifier/verifier.h"

namespace pw::verifier {

Verifier::Verifier(nt::Kernel& kernel) : kernel_(kernel) {
    kernel_.io().set_observers(&requests_, this);
    kernel_.memory().pool().set_observer(&pool_);
}

void Verifier::disconnect() {
    kernel_.io().set_observers(nullptr, nullptr);
    kernel_.memory().pool().set_observer(nullptr);
}

void Verifier::loading(io::DriverObject& driver) { images_.add(driver); }

void Verifier::unloaded(io::DriverObject& driver) {
    std::string history;
    const std::size_t count = pool_.leaked_by(driver, &history) + requests_.leaked_by(driver, &history);
    if (count != 0) {
        stop({.code = driver_verifier_detected_violation,
              .parameters = {leaked_pool, reinterpret_cast<ULONG_PTR>(driver.nt()->DriverName.Buffer), 0, count},
              .detail = "driver " + driver.display_name() + " was unloaded with " + std::to_string(count) +
                        " allocation(s) that it did not free",
              .history = std::move(history)});
    }
    pool_.forget(driver);
    images_.remove(driver);
}

}  // namespace pw::verifier
