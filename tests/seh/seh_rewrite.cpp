// SPDX-License-Identifier: Apache-2.0
// seh_rewrite c|c++ INPUT OUTPUT: the structured-exception pre-pass as a program ('-': standard input or output).
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "cli/cc/seh_prepass.h"

namespace {

std::string read_all(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: seh_rewrite c|c++ INPUT OUTPUT\n";
    return 2;
  }
  const std::string input = argv[2];
  const std::string output = argv[3];
  std::string source;
  if (input == "-") {
    source = read_all(std::cin);
  } else {
    std::ifstream file(input, std::ios::binary);
    if (!file) {
      std::cerr << "seh_rewrite: cannot read " << input << '\n';
      return 1;
    }
    source = read_all(file);
  }
  pw::cli::SehPrepassOptions options;
  options.cplusplus = std::string(argv[1]) == "c++";
  const std::string result = pw::cli::rewrite_seh(source, options);
  if (output == "-") {
    std::cout << result;
    return std::cout ? 0 : 1;
  }
  std::ofstream file(output, std::ios::binary);
  // Diagnostics and __FILE__ speak of the original.
  if (input != "-") file << "#line 1 \"" << input << "\"\n";
  file << result;
  file.close();
  return file ? 0 : 1;
}
