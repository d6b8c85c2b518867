// SPDX-License-Identifier: Apache-2.0
#include "verifier/driver_images.h"

namespace pw::verifier {

void DriverImages::add(io::DriverObject& driver) {
    const io::DriverImage* image = driver.image();
    if (!image || image->length_bytes() == 0) return;
    MutexLock lock(lock_);
    images_.push_back({image->base(), image->length_bytes(), &driver});
}

void DriverImages::remove(io::DriverObject& driver) {
    MutexLock lock(lock_);
    std::erase_if(images_, [&](const Image& image) { return image.driver == &driver; });
}

const io::DriverObject* DriverImages::of(const CallStack& stack) const {
    MutexLock lock(lock_);
    for (const void* address : stack.frames()) {
        for (const Image& image : images_) {
            if (reinterpret_cast<std::uint64_t>(address) - image.base < image.length_bytes) return image.driver;
        }
    }
    return nullptr;
}

}  // namespace pw::verifier
