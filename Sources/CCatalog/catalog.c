#include "CCatalog.h"

// Written by `make catalog`: every file of the folders of zoo/, each once.

static const unsigned char inception_v3_model[] = {
#embed "../../zoo/inception_v3/model.json"
};
static const unsigned char inception_v3_weights_keras2[] = {
#embed "../../zoo/inception_v3/weights/keras2.json"
};
static const unsigned char inception_v3_weights_keras3[] = {
#embed "../../zoo/inception_v3/weights/keras3.json"
};
static const unsigned char inception_v3_weights_tf_keras2[] = {
#embed "../../zoo/inception_v3/weights/tf-keras2.json"
};
static const unsigned char inception_v3_weights_v0_5_tf[] = {
#embed "../../zoo/inception_v3/weights/v0.5-tf.json"
};
static const unsigned char inception_v3_v02_model[] = {
#embed "../../zoo/inception_v3_v02/model.json"
};
static const unsigned char inception_v3_v02_weights_keras1[] = {
#embed "../../zoo/inception_v3_v02/weights/keras1.json"
};
static const unsigned char inception_v3_v02_weights_v0_2_tf[] = {
#embed "../../zoo/inception_v3_v02/weights/v0.2-tf.json"
};
static const unsigned char inception_v3_v02_weights_v0_2_th[] = {
#embed "../../zoo/inception_v3_v02/weights/v0.2-th.json"
};
static const unsigned char mobilenet_v2_model[] = {
#embed "../../zoo/mobilenet_v2/model.json"
};
static const unsigned char mobilenet_v2_weights_tf_keras2[] = {
#embed "../../zoo/mobilenet_v2/weights/tf-keras2.json"
};
static const unsigned char resnet50_model[] = {
#embed "../../zoo/resnet50/model.json"
};
static const unsigned char resnet50_weights_keras1[] = {
#embed "../../zoo/resnet50/weights/keras1.json"
};
static const unsigned char resnet50_weights_keras2_0_0[] = {
#embed "../../zoo/resnet50/weights/keras2.0.0.json"
};
static const unsigned char resnet50_weights_keras2_0_7[] = {
#embed "../../zoo/resnet50/weights/keras2.0.7.json"
};
static const unsigned char resnet50_weights_keras2_1_5[] = {
#embed "../../zoo/resnet50/weights/keras2.1.5.json"
};
static const unsigned char resnet50_weights_keras2_2_0[] = {
#embed "../../zoo/resnet50/weights/keras2.2.0.json"
};
static const unsigned char resnet50_weights_keras2_2_3[] = {
#embed "../../zoo/resnet50/weights/keras2.2.3.json"
};
static const unsigned char resnet50_weights_keras3[] = {
#embed "../../zoo/resnet50/weights/keras3.json"
};
static const unsigned char resnet50_weights_resnet[] = {
#embed "../../zoo/resnet50/weights/resnet.json"
};
static const unsigned char resnet50_weights_tf_keras2[] = {
#embed "../../zoo/resnet50/weights/tf-keras2.json"
};
static const unsigned char resnet50_weights_v0_1_tf[] = {
#embed "../../zoo/resnet50/weights/v0.1-tf.json"
};
static const unsigned char resnet50_weights_v0_1_th[] = {
#embed "../../zoo/resnet50/weights/v0.1-th.json"
};
static const unsigned char resnet50_weights_v0_2_tf[] = {
#embed "../../zoo/resnet50/weights/v0.2-tf.json"
};
static const unsigned char resnet50_weights_v0_2_th[] = {
#embed "../../zoo/resnet50/weights/v0.2-th.json"
};
static const unsigned char squeezenet_model[] = {
#embed "../../zoo/squeezenet/model.json"
};
static const unsigned char squeezenet_weights_deepcognition_tf[] = {
#embed "../../zoo/squeezenet/weights/deepcognition-tf.json"
};
static const unsigned char squeezenet_weights_deepcognition_th[] = {
#embed "../../zoo/squeezenet/weights/deepcognition-th.json"
};
static const unsigned char squeezenet_weights_rcmalli_tf[] = {
#embed "../../zoo/squeezenet/weights/rcmalli-tf.json"
};
static const unsigned char vgg16_model[] = {
#embed "../../zoo/vgg16/model.json"
};
static const unsigned char vgg16_weights_keras1[] = {
#embed "../../zoo/vgg16/weights/keras1.json"
};
static const unsigned char vgg16_weights_keras2[] = {
#embed "../../zoo/vgg16/weights/keras2.json"
};
static const unsigned char vgg16_weights_keras3[] = {
#embed "../../zoo/vgg16/weights/keras3.json"
};
static const unsigned char vgg16_weights_v0_1_tf[] = {
#embed "../../zoo/vgg16/weights/v0.1-tf.json"
};
static const unsigned char vgg16_weights_v0_1_th[] = {
#embed "../../zoo/vgg16/weights/v0.1-th.json"
};
static const unsigned char xception_model[] = {
#embed "../../zoo/xception/model.json"
};
static const unsigned char xception_weights_keras1[] = {
#embed "../../zoo/xception/weights/keras1.json"
};
static const unsigned char xception_weights_keras2[] = {
#embed "../../zoo/xception/weights/keras2.json"
};
static const unsigned char xception_weights_keras3[] = {
#embed "../../zoo/xception/weights/keras3.json"
};
static const unsigned char xception_weights_tf_keras2[] = {
#embed "../../zoo/xception/weights/tf-keras2.json"
};
static const unsigned char xception_weights_v0_4_tf[] = {
#embed "../../zoo/xception/weights/v0.4-tf.json"
};

static const struct catalog_file files[] = {
    {"inception_v3/model.json", inception_v3_model, sizeof inception_v3_model},
    {"inception_v3/weights/keras2.json", inception_v3_weights_keras2, sizeof inception_v3_weights_keras2},
    {"inception_v3/weights/keras3.json", inception_v3_weights_keras3, sizeof inception_v3_weights_keras3},
    {"inception_v3/weights/tf-keras2.json", inception_v3_weights_tf_keras2, sizeof inception_v3_weights_tf_keras2},
    {"inception_v3/weights/v0.5-tf.json", inception_v3_weights_v0_5_tf, sizeof inception_v3_weights_v0_5_tf},
    {"inception_v3_v02/model.json", inception_v3_v02_model, sizeof inception_v3_v02_model},
    {"inception_v3_v02/weights/keras1.json", inception_v3_v02_weights_keras1, sizeof inception_v3_v02_weights_keras1},
    {"inception_v3_v02/weights/v0.2-tf.json", inception_v3_v02_weights_v0_2_tf, sizeof inception_v3_v02_weights_v0_2_tf},
    {"inception_v3_v02/weights/v0.2-th.json", inception_v3_v02_weights_v0_2_th, sizeof inception_v3_v02_weights_v0_2_th},
    {"mobilenet_v2/model.json", mobilenet_v2_model, sizeof mobilenet_v2_model},
    {"mobilenet_v2/weights/tf-keras2.json", mobilenet_v2_weights_tf_keras2, sizeof mobilenet_v2_weights_tf_keras2},
    {"resnet50/model.json", resnet50_model, sizeof resnet50_model},
    {"resnet50/weights/keras1.json", resnet50_weights_keras1, sizeof resnet50_weights_keras1},
    {"resnet50/weights/keras2.0.0.json", resnet50_weights_keras2_0_0, sizeof resnet50_weights_keras2_0_0},
    {"resnet50/weights/keras2.0.7.json", resnet50_weights_keras2_0_7, sizeof resnet50_weights_keras2_0_7},
    {"resnet50/weights/keras2.1.5.json", resnet50_weights_keras2_1_5, sizeof resnet50_weights_keras2_1_5},
    {"resnet50/weights/keras2.2.0.json", resnet50_weights_keras2_2_0, sizeof resnet50_weights_keras2_2_0},
    {"resnet50/weights/keras2.2.3.json", resnet50_weights_keras2_2_3, sizeof resnet50_weights_keras2_2_3},
    {"resnet50/weights/keras3.json", resnet50_weights_keras3, sizeof resnet50_weights_keras3},
    {"resnet50/weights/resnet.json", resnet50_weights_resnet, sizeof resnet50_weights_resnet},
    {"resnet50/weights/tf-keras2.json", resnet50_weights_tf_keras2, sizeof resnet50_weights_tf_keras2},
    {"resnet50/weights/v0.1-tf.json", resnet50_weights_v0_1_tf, sizeof resnet50_weights_v0_1_tf},
    {"resnet50/weights/v0.1-th.json", resnet50_weights_v0_1_th, sizeof resnet50_weights_v0_1_th},
    {"resnet50/weights/v0.2-tf.json", resnet50_weights_v0_2_tf, sizeof resnet50_weights_v0_2_tf},
    {"resnet50/weights/v0.2-th.json", resnet50_weights_v0_2_th, sizeof resnet50_weights_v0_2_th},
    {"squeezenet/model.json", squeezenet_model, sizeof squeezenet_model},
    {"squeezenet/weights/deepcognition-tf.json", squeezenet_weights_deepcognition_tf, sizeof squeezenet_weights_deepcognition_tf},
    {"squeezenet/weights/deepcognition-th.json", squeezenet_weights_deepcognition_th, sizeof squeezenet_weights_deepcognition_th},
    {"squeezenet/weights/rcmalli-tf.json", squeezenet_weights_rcmalli_tf, sizeof squeezenet_weights_rcmalli_tf},
    {"vgg16/model.json", vgg16_model, sizeof vgg16_model},
    {"vgg16/weights/keras1.json", vgg16_weights_keras1, sizeof vgg16_weights_keras1},
    {"vgg16/weights/keras2.json", vgg16_weights_keras2, sizeof vgg16_weights_keras2},
    {"vgg16/weights/keras3.json", vgg16_weights_keras3, sizeof vgg16_weights_keras3},
    {"vgg16/weights/v0.1-tf.json", vgg16_weights_v0_1_tf, sizeof vgg16_weights_v0_1_tf},
    {"vgg16/weights/v0.1-th.json", vgg16_weights_v0_1_th, sizeof vgg16_weights_v0_1_th},
    {"xception/model.json", xception_model, sizeof xception_model},
    {"xception/weights/keras1.json", xception_weights_keras1, sizeof xception_weights_keras1},
    {"xception/weights/keras2.json", xception_weights_keras2, sizeof xception_weights_keras2},
    {"xception/weights/keras3.json", xception_weights_keras3, sizeof xception_weights_keras3},
    {"xception/weights/tf-keras2.json", xception_weights_tf_keras2, sizeof xception_weights_tf_keras2},
    {"xception/weights/v0.4-tf.json", xception_weights_v0_4_tf, sizeof xception_weights_v0_4_tf},
};
const struct catalog_file *const catalog_files = files;
const size_t catalog_file_count = sizeof files / sizeof *files;
