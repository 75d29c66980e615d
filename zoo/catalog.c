#include "CCatalog.h"

// Every file of the folders, each once: a test compares the lists.

static const unsigned char inception_v3_model[] = {
#embed "inception_v3/model.json"
};
static const unsigned char inception_v3_v02_model[] = {
#embed "inception_v3_v02/model.json"
};
static const unsigned char resnet50_model[] = {
#embed "resnet50/model.json"
};
static const unsigned char squeezenet_model[] = {
#embed "squeezenet/model.json"
};
static const unsigned char vgg16_model[] = {
#embed "vgg16/model.json"
};
static const unsigned char xception_model[] = {
#embed "xception/model.json"
};

static const struct catalog_file files[] = {
    {"inception_v3/model.json", inception_v3_model, sizeof inception_v3_model},
    {"inception_v3_v02/model.json", inception_v3_v02_model, sizeof inception_v3_v02_model},
    {"resnet50/model.json", resnet50_model, sizeof resnet50_model},
    {"squeezenet/model.json", squeezenet_model, sizeof squeezenet_model},
    {"vgg16/model.json", vgg16_model, sizeof vgg16_model},
    {"xception/model.json", xception_model, sizeof xception_model},
};
const struct catalog_file *const catalog_files = files;
const size_t catalog_file_count = sizeof files / sizeof *files;
