// SPDX-License-Identifier: Apache-2.0
#include "platform/elf_image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace pw::platform {
namespace {

std::string own_program() {
  std::ifstream stream("/proc/self/exe", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(ElfImage, ReadsTheLibrariesThatThisVeryProgramNeeds) {
  const ElfImage image = read_elf_image("/proc/self/exe");
  ASSERT_EQ(image.problem, ElfProblem::None);
  EXPECT_TRUE(image.has_interpreter);
  EXPECT_TRUE(image.needs("libc.so.6"));
  EXPECT_FALSE(image.needs("libpartywall-win32.so"));
  EXPECT_TRUE(std::any_of(image.exports.begin(), image.exports.end(),
                          [](const ElfSymbol& symbol) { return !symbol.defined && symbol.name == "abort"; }));
}

TEST(ElfImage, TellsAMissingFileFromOneThatIsNoElf) {
  EXPECT_EQ(read_elf_image("/nonexistent").problem, ElfProblem::CannotRead);
  EXPECT_EQ(parse_elf_image("").problem, ElfProblem::NotElf);
  EXPECT_EQ(parse_elf_image(std::string(4096, 'M')).problem, ElfProblem::NotElf);
}

TEST(ElfImage, RefusesAnotherMachinesFile) {
  std::string bytes = own_program().substr(0, 64);
  bytes[4] = 1;  // 32 bits
  EXPECT_EQ(parse_elf_image(bytes).problem, ElfProblem::WrongMachine);
}

TEST(ElfImage, SurvivesEveryTruncationAndEveryChangedHeaderByte) {
  const std::string whole = own_program();
  EXPECT_EQ(parse_elf_image(whole.substr(0, 64)).problem, ElfProblem::Damaged);
  for (std::size_t length = 0; length < whole.size(); length = length * 3 / 2 + 1) {
    EXPECT_NE(parse_elf_image(whole.substr(0, length)).problem, ElfProblem::CannotRead);
  }
  for (std::size_t at = 16; at < 64; ++at) {
    std::string changed = whole;
    changed[at] = '\xFF';
    EXPECT_NE(parse_elf_image(changed).problem, ElfProblem::CannotRead);
  }
}

}  // namespace
}  // namespace pw::platform
