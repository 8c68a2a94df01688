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

# src/deliver/rows/<format>.cpp defines `const RowFormat& format()` in namespace trawl::deliver::rows::<format>, and
# src/deliver/findings/<format>.cpp `const FindingFormat& format()` in trawl::deliver::findings::<format>.
set(definitions "")
set(declarations "")
foreach(group rows findings)
    if(group STREQUAL "rows")
        set(type RowFormat)
        set(table row_format_table)
    else()
        set(type FindingFormat)
        set(table finding_format_table)
    endif()
    file(GLOB format_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/deliver/${group}/*.cpp)
    set(entries "")
    foreach(file IN LISTS format_files)
        get_filename_component(format ${file} NAME_WE)
        string(APPEND declarations "namespace trawl::deliver::${group}::${format} { const ${type}& format(); }\n")
        string(APPEND entries "        &${group}::${format}::format(),\n")
    endforeach()
    string(APPEND definitions "const std::vector<const ${type}*>& ${table}()
{
    static const std::vector<const ${type}*> table = {
${entries}    };
    return table;
}
")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/format_tables.cpp CONTENT
"#include \"deliver/finding_format.h\"
#include \"deliver/row_format.h\"
${declarations}
namespace trawl::deliver {
${definitions}} // namespace trawl::deliver
")
if(TARGET trawl_deliver)
    target_sources(trawl_deliver PRIVATE ${CMAKE_BINARY_DIR}/generated/format_tables.cpp)
endif()

# The version that `trawl version` prints is the project's.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/version.cpp CONTENT
"#include \"app/version.h\"

namespace trawl::app {
std::string_view version()
{
    return \"${PROJECT_VERSION}\";
}
} // namespace trawl::app
")
if(TARGET trawl_app)
    target_sources(trawl_app PRIVATE ${CMAKE_BINARY_DIR}/generated/version.cpp)
endif()
