# Puts the built-in rules and their lists into the program: a tool of the build parses rules/**/*.yml once and writes
# text and parsed form as a source file, so that no start has to read YAML.

set(rules_folder ${CMAKE_SOURCE_DIR}/rules)
set(embedded ${CMAKE_BINARY_DIR}/generated/builtin_rules.cpp)
file(GLOB_RECURSE rule_files CONFIGURE_DEPENDS ${rules_folder}/*.yml)

add_executable(embed_rules tools/embed_rules.cpp src/detect/rules/yaml_compact.cpp src/detect/rules/yaml_node.cpp
    src/detect/rules/yaml_parser.cpp)
target_link_libraries(embed_rules PRIVATE trawl_options)

add_custom_command(OUTPUT ${embedded}
    COMMAND embed_rules ${rules_folder} ${embedded}
    DEPENDS embed_rules ${rule_files}
    COMMENT "Embedding the built-in rules"
    VERBATIM)
if(TARGET trawl_app)
    target_sources(trawl_app PRIVATE ${embedded})
endif()
