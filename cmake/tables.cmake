# Derives the tables of units from the names of their files, so that adding a unit edits no list. (Registration by
# static objects does not work: the linker drops them from static libraries.)

# src/ingest/kinds/<kind>/kind.cpp defines `const LogKind& kind()` in namespace trawl::ingest::kinds::<kind>.
file(GLOB kind_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/ingest/kinds/*/kind.cpp)
set(declarations "")
set(entries "")
foreach(file IN LISTS kind_files)
    get_filename_component(folder ${file} DIRECTORY)
    get_filename_component(kind ${folder} NAME)
    string(APPEND declarations "namespace trawl::ingest::kinds::${kind} { const LogKind& kind(); }\n")
    string(APPEND entries "        &kinds::${kind}::kind(),\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/kind_table.cpp CONTENT
"#include \"ingest/kinds/log_kind.h\"
${declarations}
namespace trawl::ingest {
const std::vector<const LogKind*>& kind_table()
{
    static const std::vector<const LogKind*> table = {
${entries}    };
    return table;
}
} // namespace trawl::ingest
")
if(TARGET trawl_ingest)
    target_sources(trawl_ingest PRIVATE ${CMAKE_BINARY_DIR}/generated/kind_table.cpp)
endif()
