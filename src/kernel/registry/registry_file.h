// SPDX-License-Identifier: Apache-2.0
// RegistryFile: a registry as a text file, a line per key and value; what the host keeps between two runs.
#pragma once

#include <string>
#include <string_view>

#include "kernel/registry/registry.h"

namespace pw::cm {

// The text, parsed and printed; pure but for the registry that it fills. A bad line ends the parse: its number is *bad_line.
//   partywall registry 1
//   key \REGISTRY\MACHINE\Software\Foo          a class stands behind a tab
//   value 4 01000000 Limit                     type, bytes in hexadecimal ("-" for none), name (empty: the default value)
[[nodiscard]] Status parse_registry(std::string_view text, Registry& registry, std::size_t* bad_line);
[[nodiscard]] std::string print_registry(Registry& registry);

class RegistryFile {
public:
    explicit RegistryFile(std::string path) : path_(std::move(path)) {}

    // A file that is not there is an empty registry. STATUS_REGISTRY_CORRUPT, STATUS_REGISTRY_IO_FAILED.
    [[nodiscard]] Status load(Registry& registry);
    // Replaces the file as a whole. STATUS_REGISTRY_IO_FAILED.
    [[nodiscard]] Status save(Registry& registry);
    // What was wrong, for people.
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    const std::string path_;
    std::string problem_;
};

}  // namespace pw::cm
