# Builds trawl_parquet.so, which reads Parquet files with Apache Arrow: that of the system, else the C++ libraries and
# headers that tools/fetch_arrow.sh took from PyPI's pyarrow. Without either the program is complete but for Parquet
# files, which it reports. A library of its own, loaded when the first Parquet file is met, because loading Arrow takes
# longer than many a scan (docs/decisions/0005).

if(TRAWL_FUZZ)
    return()
endif()
set(TRAWL_ARROW_FOLDER ${CMAKE_SOURCE_DIR}/build/deps/pyarrow CACHE PATH "Apache Arrow's libraries and headers")
find_package(Arrow CONFIG QUIET)
find_package(Parquet CONFIG QUIET)
if(Arrow_FOUND AND Parquet_FOUND)
    set(arrow_libraries Arrow::arrow_shared Parquet::parquet_shared)
elseif(EXISTS ${TRAWL_ARROW_FOLDER}/include/arrow/api.h)
    file(GLOB arrow_libraries ${TRAWL_ARROW_FOLDER}/libarrow.so.[0-9]* ${TRAWL_ARROW_FOLDER}/libparquet.so.[0-9]*)
else()
    message(STATUS "Apache Arrow is not there: Parquet files will be reported, not read")
    return()
endif()

add_library(trawl_parquet MODULE ${CMAKE_SOURCE_DIR}/src/ingest/parquet/library.cpp)
set_target_properties(trawl_parquet PROPERTIES PREFIX "" POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET default)
# Arrow's headers know other warnings than ours.
target_include_directories(trawl_parquet PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_include_directories(trawl_parquet SYSTEM PRIVATE ${TRAWL_ARROW_FOLDER}/include)
target_link_libraries(trawl_parquet PRIVATE ${arrow_libraries} Threads::Threads)
if(TRAWL_SANITIZE)
    target_compile_options(trawl_parquet PRIVATE -fsanitize=${TRAWL_SANITIZE} -fno-sanitize-recover=all)
endif()
if(TARGET trawl)
    add_dependencies(trawl trawl_parquet)
endif()
