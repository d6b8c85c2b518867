// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer: over the files of the folders that are named, and over mutations of them that are
// the same each time.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    std::vector<std::string> seeds;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            std::ifstream file(entry.path(), std::ios::binary);
            seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        }
    }
    if (seeds.empty()) {
        std::fprintf(stderr, "usage: %s FOLDER... (with at least one file)\n", argv[0]);
        return 2;
    }
    const auto run = [](const std::string& input) {
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    };
    for (const std::string& seed : seeds) run(seed);
    std::mt19937 random(1);
    constexpr int mutations = 4000;
    for (int i = 0; i < mutations; ++i) {
        std::string input = seeds[random() % seeds.size()];
        for (unsigned edit = 0; edit < 1 + random() % 6; ++edit) {
            if (input.empty() || random() % 8 == 0) {
                input.insert(random() % (input.size() + 1), 1, static_cast<char>(random()));
            } else if (random() % 8 == 0) {
                input.erase(random() % input.size(), 1 + random() % 8);
            } else {
                input[random() % input.size()] = static_cast<char>(random() % 3 == 0 ? 0xFF : random());
            }
        }
        run(input);
    }
    std::printf("%zu seeds, %d mutations\n", seeds.size(), mutations);
    return 0;
}
