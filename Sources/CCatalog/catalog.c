#include "CCatalog.h"

// Written by `make catalog`: every file of the folders of zoo/, each once.

static const unsigned char convnext_base_model[] = {
#embed "../../zoo/convnext_base/model.json"
};
static const unsigned char convnext_base_weights_imagenet[] = {
#embed "../../zoo/convnext_base/weights/imagenet.json"
};
static const unsigned char convnext_base_weights_timm[] = {
#embed "../../zoo/convnext_base/weights/timm.json"
};
static const unsigned char convnext_base_weights_torchvision[] = {
#embed "../../zoo/convnext_base/weights/torchvision.json"
};
static const unsigned char convnext_large_model[] = {
#embed "../../zoo/convnext_large/model.json"
};
static const unsigned char convnext_large_weights_imagenet[] = {
#embed "../../zoo/convnext_large/weights/imagenet.json"
};
static const unsigned char convnext_large_weights_timm[] = {
#embed "../../zoo/convnext_large/weights/timm.json"
};
static const unsigned char convnext_large_weights_torchvision[] = {
#embed "../../zoo/convnext_large/weights/torchvision.json"
};
static const unsigned char convnext_small_model[] = {
#embed "../../zoo/convnext_small/model.json"
};
static const unsigned char convnext_small_weights_imagenet[] = {
#embed "../../zoo/convnext_small/weights/imagenet.json"
};
static const unsigned char convnext_small_weights_timm[] = {
#embed "../../zoo/convnext_small/weights/timm.json"
};
static const unsigned char convnext_small_weights_torchvision[] = {
#embed "../../zoo/convnext_small/weights/torchvision.json"
};
static const unsigned char convnext_tiny_model[] = {
#embed "../../zoo/convnext_tiny/model.json"
};
static const unsigned char convnext_tiny_weights_imagenet[] = {
#embed "../../zoo/convnext_tiny/weights/imagenet.json"
};
static const unsigned char convnext_tiny_weights_timm[] = {
#embed "../../zoo/convnext_tiny/weights/timm.json"
};
static const unsigned char convnext_tiny_weights_torchvision[] = {
#embed "../../zoo/convnext_tiny/weights/torchvision.json"
};
static const unsigned char convnext_xlarge_model[] = {
#embed "../../zoo/convnext_xlarge/model.json"
};
static const unsigned char convnext_xlarge_weights_imagenet[] = {
#embed "../../zoo/convnext_xlarge/weights/imagenet.json"
};
static const unsigned char convnext_xlarge_weights_timm[] = {
#embed "../../zoo/convnext_xlarge/weights/timm.json"
};
static const unsigned char densenet121_model[] = {
#embed "../../zoo/densenet121/model.json"
};
static const unsigned char densenet121_weights_imagenet[] = {
#embed "../../zoo/densenet121/weights/imagenet.json"
};
static const unsigned char densenet121_weights_torchvision[] = {
#embed "../../zoo/densenet121/weights/torchvision.json"
};
static const unsigned char densenet169_model[] = {
#embed "../../zoo/densenet169/model.json"
};
static const unsigned char densenet169_weights_imagenet[] = {
#embed "../../zoo/densenet169/weights/imagenet.json"
};
static const unsigned char densenet169_weights_torchvision[] = {
#embed "../../zoo/densenet169/weights/torchvision.json"
};
static const unsigned char densenet201_model[] = {
#embed "../../zoo/densenet201/model.json"
};
static const unsigned char densenet201_weights_imagenet[] = {
#embed "../../zoo/densenet201/weights/imagenet.json"
};
static const unsigned char densenet201_weights_torchvision[] = {
#embed "../../zoo/densenet201/weights/torchvision.json"
};
static const unsigned char efficientnet_b0_model[] = {
#embed "../../zoo/efficientnet_b0/model.json"
};
static const unsigned char efficientnet_b0_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b0/weights/imagenet.json"
};
static const unsigned char efficientnet_b0_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b0/weights/timm-tf.json"
};
static const unsigned char efficientnet_b0_weights_timm[] = {
#embed "../../zoo/efficientnet_b0/weights/timm.json"
};
static const unsigned char efficientnet_b0_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b0/weights/torchvision.json"
};
static const unsigned char efficientnet_b1_model[] = {
#embed "../../zoo/efficientnet_b1/model.json"
};
static const unsigned char efficientnet_b1_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b1/weights/imagenet.json"
};
static const unsigned char efficientnet_b1_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b1/weights/timm-tf.json"
};
static const unsigned char efficientnet_b1_weights_timm[] = {
#embed "../../zoo/efficientnet_b1/weights/timm.json"
};
static const unsigned char efficientnet_b1_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b1/weights/torchvision.json"
};
static const unsigned char efficientnet_b2_model[] = {
#embed "../../zoo/efficientnet_b2/model.json"
};
static const unsigned char efficientnet_b2_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b2/weights/imagenet.json"
};
static const unsigned char efficientnet_b2_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b2/weights/timm-tf.json"
};
static const unsigned char efficientnet_b2_weights_timm[] = {
#embed "../../zoo/efficientnet_b2/weights/timm.json"
};
static const unsigned char efficientnet_b2_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b2/weights/torchvision.json"
};
static const unsigned char efficientnet_b3_model[] = {
#embed "../../zoo/efficientnet_b3/model.json"
};
static const unsigned char efficientnet_b3_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b3/weights/imagenet.json"
};
static const unsigned char efficientnet_b3_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b3/weights/timm-tf.json"
};
static const unsigned char efficientnet_b3_weights_timm[] = {
#embed "../../zoo/efficientnet_b3/weights/timm.json"
};
static const unsigned char efficientnet_b3_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b3/weights/torchvision.json"
};
static const unsigned char efficientnet_b4_model[] = {
#embed "../../zoo/efficientnet_b4/model.json"
};
static const unsigned char efficientnet_b4_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b4/weights/imagenet.json"
};
static const unsigned char efficientnet_b4_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b4/weights/timm-tf.json"
};
static const unsigned char efficientnet_b4_weights_timm[] = {
#embed "../../zoo/efficientnet_b4/weights/timm.json"
};
static const unsigned char efficientnet_b4_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b4/weights/torchvision.json"
};
static const unsigned char efficientnet_b5_model[] = {
#embed "../../zoo/efficientnet_b5/model.json"
};
static const unsigned char efficientnet_b5_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b5/weights/imagenet.json"
};
static const unsigned char efficientnet_b5_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b5/weights/timm-tf.json"
};
static const unsigned char efficientnet_b5_weights_timm[] = {
#embed "../../zoo/efficientnet_b5/weights/timm.json"
};
static const unsigned char efficientnet_b5_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b5/weights/torchvision.json"
};
static const unsigned char efficientnet_b6_model[] = {
#embed "../../zoo/efficientnet_b6/model.json"
};
static const unsigned char efficientnet_b6_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b6/weights/imagenet.json"
};
static const unsigned char efficientnet_b6_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b6/weights/timm-tf.json"
};
static const unsigned char efficientnet_b6_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b6/weights/torchvision.json"
};
static const unsigned char efficientnet_b7_model[] = {
#embed "../../zoo/efficientnet_b7/model.json"
};
static const unsigned char efficientnet_b7_weights_imagenet[] = {
#embed "../../zoo/efficientnet_b7/weights/imagenet.json"
};
static const unsigned char efficientnet_b7_weights_timm_tf[] = {
#embed "../../zoo/efficientnet_b7/weights/timm-tf.json"
};
static const unsigned char efficientnet_b7_weights_torchvision[] = {
#embed "../../zoo/efficientnet_b7/weights/torchvision.json"
};
static const unsigned char efficientnet_v2_b0_model[] = {
#embed "../../zoo/efficientnet_v2_b0/model.json"
};
static const unsigned char efficientnet_v2_b0_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_b0/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_b0_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_b0/weights/timm.json"
};
static const unsigned char efficientnet_v2_b1_model[] = {
#embed "../../zoo/efficientnet_v2_b1/model.json"
};
static const unsigned char efficientnet_v2_b1_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_b1/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_b1_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_b1/weights/timm.json"
};
static const unsigned char efficientnet_v2_b2_model[] = {
#embed "../../zoo/efficientnet_v2_b2/model.json"
};
static const unsigned char efficientnet_v2_b2_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_b2/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_b2_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_b2/weights/timm.json"
};
static const unsigned char efficientnet_v2_b3_model[] = {
#embed "../../zoo/efficientnet_v2_b3/model.json"
};
static const unsigned char efficientnet_v2_b3_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_b3/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_b3_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_b3/weights/timm.json"
};
static const unsigned char efficientnet_v2_l_model[] = {
#embed "../../zoo/efficientnet_v2_l/model.json"
};
static const unsigned char efficientnet_v2_l_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_l/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_l_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_l/weights/timm.json"
};
static const unsigned char efficientnet_v2_l_weights_torchvision[] = {
#embed "../../zoo/efficientnet_v2_l/weights/torchvision.json"
};
static const unsigned char efficientnet_v2_m_model[] = {
#embed "../../zoo/efficientnet_v2_m/model.json"
};
static const unsigned char efficientnet_v2_m_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_m/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_m_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_m/weights/timm.json"
};
static const unsigned char efficientnet_v2_m_weights_torchvision[] = {
#embed "../../zoo/efficientnet_v2_m/weights/torchvision.json"
};
static const unsigned char efficientnet_v2_s_model[] = {
#embed "../../zoo/efficientnet_v2_s/model.json"
};
static const unsigned char efficientnet_v2_s_weights_imagenet[] = {
#embed "../../zoo/efficientnet_v2_s/weights/imagenet.json"
};
static const unsigned char efficientnet_v2_s_weights_timm[] = {
#embed "../../zoo/efficientnet_v2_s/weights/timm.json"
};
static const unsigned char efficientnet_v2_s_weights_torchvision[] = {
#embed "../../zoo/efficientnet_v2_s/weights/torchvision.json"
};
static const unsigned char inception_resnet_v2_model[] = {
#embed "../../zoo/inception_resnet_v2/model.json"
};
static const unsigned char inception_resnet_v2_weights_imagenet[] = {
#embed "../../zoo/inception_resnet_v2/weights/imagenet.json"
};
static const unsigned char inception_resnet_v2_weights_timm[] = {
#embed "../../zoo/inception_resnet_v2/weights/timm.json"
};
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
static const unsigned char inception_v3_weights_torchvision_plain[] = {
#embed "../../zoo/inception_v3/weights/torchvision-plain.json"
};
static const unsigned char inception_v3_weights_torchvision[] = {
#embed "../../zoo/inception_v3/weights/torchvision.json"
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
static const unsigned char keras_classes[] = {
#embed "../../zoo/keras-classes.json"
};
static const unsigned char mobilenet_model[] = {
#embed "../../zoo/mobilenet/model.json"
};
static const unsigned char mobilenet_weights_imagenet[] = {
#embed "../../zoo/mobilenet/weights/imagenet.json"
};
static const unsigned char mobilenet_weights_timm[] = {
#embed "../../zoo/mobilenet/weights/timm.json"
};
static const unsigned char mobilenet_0_25_model[] = {
#embed "../../zoo/mobilenet_0.25/model.json"
};
static const unsigned char mobilenet_0_25_weights_imagenet[] = {
#embed "../../zoo/mobilenet_0.25/weights/imagenet.json"
};
static const unsigned char mobilenet_0_5_model[] = {
#embed "../../zoo/mobilenet_0.5/model.json"
};
static const unsigned char mobilenet_0_5_weights_imagenet[] = {
#embed "../../zoo/mobilenet_0.5/weights/imagenet.json"
};
static const unsigned char mobilenet_0_75_model[] = {
#embed "../../zoo/mobilenet_0.75/model.json"
};
static const unsigned char mobilenet_0_75_weights_imagenet[] = {
#embed "../../zoo/mobilenet_0.75/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_model[] = {
#embed "../../zoo/mobilenet_v2/model.json"
};
static const unsigned char mobilenet_v2_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v2/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_weights_timm[] = {
#embed "../../zoo/mobilenet_v2/weights/timm.json"
};
static const unsigned char mobilenet_v2_weights_torchvision[] = {
#embed "../../zoo/mobilenet_v2/weights/torchvision.json"
};
static const unsigned char mobilenet_v2_0_35_model[] = {
#embed "../../zoo/mobilenet_v2_0.35/model.json"
};
static const unsigned char mobilenet_v2_0_35_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v2_0.35/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_0_35_weights_timm[] = {
#embed "../../zoo/mobilenet_v2_0.35/weights/timm.json"
};
static const unsigned char mobilenet_v2_0_5_model[] = {
#embed "../../zoo/mobilenet_v2_0.5/model.json"
};
static const unsigned char mobilenet_v2_0_5_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v2_0.5/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_0_5_weights_timm[] = {
#embed "../../zoo/mobilenet_v2_0.5/weights/timm.json"
};
static const unsigned char mobilenet_v2_0_75_model[] = {
#embed "../../zoo/mobilenet_v2_0.75/model.json"
};
static const unsigned char mobilenet_v2_0_75_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v2_0.75/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_0_75_weights_timm[] = {
#embed "../../zoo/mobilenet_v2_0.75/weights/timm.json"
};
static const unsigned char mobilenet_v2_1_3_model[] = {
#embed "../../zoo/mobilenet_v2_1.3/model.json"
};
static const unsigned char mobilenet_v2_1_3_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v2_1.3/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_1_4_model[] = {
#embed "../../zoo/mobilenet_v2_1.4/model.json"
};
static const unsigned char mobilenet_v2_1_4_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v2_1.4/weights/imagenet.json"
};
static const unsigned char mobilenet_v2_1_4_weights_timm[] = {
#embed "../../zoo/mobilenet_v2_1.4/weights/timm.json"
};
static const unsigned char mobilenet_v3_large_model[] = {
#embed "../../zoo/mobilenet_v3_large/model.json"
};
static const unsigned char mobilenet_v3_large_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v3_large/weights/imagenet.json"
};
static const unsigned char mobilenet_v3_large_weights_timm_tf[] = {
#embed "../../zoo/mobilenet_v3_large/weights/timm-tf.json"
};
static const unsigned char mobilenet_v3_large_weights_timm[] = {
#embed "../../zoo/mobilenet_v3_large/weights/timm.json"
};
static const unsigned char mobilenet_v3_large_weights_torchvision[] = {
#embed "../../zoo/mobilenet_v3_large/weights/torchvision.json"
};
static const unsigned char mobilenet_v3_large_0_75_model[] = {
#embed "../../zoo/mobilenet_v3_large_0.75/model.json"
};
static const unsigned char mobilenet_v3_large_0_75_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v3_large_0.75/weights/imagenet.json"
};
static const unsigned char mobilenet_v3_large_0_75_weights_timm_tf[] = {
#embed "../../zoo/mobilenet_v3_large_0.75/weights/timm-tf.json"
};
static const unsigned char mobilenet_v3_large_0_75_weights_timm[] = {
#embed "../../zoo/mobilenet_v3_large_0.75/weights/timm.json"
};
static const unsigned char mobilenet_v3_large_minimal_model[] = {
#embed "../../zoo/mobilenet_v3_large_minimal/model.json"
};
static const unsigned char mobilenet_v3_large_minimal_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v3_large_minimal/weights/imagenet.json"
};
static const unsigned char mobilenet_v3_large_minimal_weights_timm_tf[] = {
#embed "../../zoo/mobilenet_v3_large_minimal/weights/timm-tf.json"
};
static const unsigned char mobilenet_v3_small_model[] = {
#embed "../../zoo/mobilenet_v3_small/model.json"
};
static const unsigned char mobilenet_v3_small_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v3_small/weights/imagenet.json"
};
static const unsigned char mobilenet_v3_small_weights_timm_tf[] = {
#embed "../../zoo/mobilenet_v3_small/weights/timm-tf.json"
};
static const unsigned char mobilenet_v3_small_weights_timm[] = {
#embed "../../zoo/mobilenet_v3_small/weights/timm.json"
};
static const unsigned char mobilenet_v3_small_weights_torchvision[] = {
#embed "../../zoo/mobilenet_v3_small/weights/torchvision.json"
};
static const unsigned char mobilenet_v3_small_0_75_model[] = {
#embed "../../zoo/mobilenet_v3_small_0.75/model.json"
};
static const unsigned char mobilenet_v3_small_0_75_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v3_small_0.75/weights/imagenet.json"
};
static const unsigned char mobilenet_v3_small_0_75_weights_timm_tf[] = {
#embed "../../zoo/mobilenet_v3_small_0.75/weights/timm-tf.json"
};
static const unsigned char mobilenet_v3_small_0_75_weights_timm[] = {
#embed "../../zoo/mobilenet_v3_small_0.75/weights/timm.json"
};
static const unsigned char mobilenet_v3_small_minimal_model[] = {
#embed "../../zoo/mobilenet_v3_small_minimal/model.json"
};
static const unsigned char mobilenet_v3_small_minimal_weights_imagenet[] = {
#embed "../../zoo/mobilenet_v3_small_minimal/weights/imagenet.json"
};
static const unsigned char mobilenet_v3_small_minimal_weights_timm_tf[] = {
#embed "../../zoo/mobilenet_v3_small_minimal/weights/timm-tf.json"
};
static const unsigned char nasnet_large_model[] = {
#embed "../../zoo/nasnet_large/model.json"
};
static const unsigned char nasnet_large_weights_imagenet[] = {
#embed "../../zoo/nasnet_large/weights/imagenet.json"
};
static const unsigned char nasnet_mobile_model[] = {
#embed "../../zoo/nasnet_mobile/model.json"
};
static const unsigned char nasnet_mobile_weights_imagenet[] = {
#embed "../../zoo/nasnet_mobile/weights/imagenet.json"
};
static const unsigned char networks_txt[] = {
#embed "../../zoo/networks.txt"
};
static const unsigned char resnet101_model[] = {
#embed "../../zoo/resnet101/model.json"
};
static const unsigned char resnet101_weights_imagenet[] = {
#embed "../../zoo/resnet101/weights/imagenet.json"
};
static const unsigned char resnet101_weights_torchvision[] = {
#embed "../../zoo/resnet101/weights/torchvision.json"
};
static const unsigned char resnet101_v2_model[] = {
#embed "../../zoo/resnet101_v2/model.json"
};
static const unsigned char resnet101_v2_weights_imagenet[] = {
#embed "../../zoo/resnet101_v2/weights/imagenet.json"
};
static const unsigned char resnet152_model[] = {
#embed "../../zoo/resnet152/model.json"
};
static const unsigned char resnet152_weights_imagenet[] = {
#embed "../../zoo/resnet152/weights/imagenet.json"
};
static const unsigned char resnet152_weights_torchvision[] = {
#embed "../../zoo/resnet152/weights/torchvision.json"
};
static const unsigned char resnet152_v2_model[] = {
#embed "../../zoo/resnet152_v2/model.json"
};
static const unsigned char resnet152_v2_weights_imagenet[] = {
#embed "../../zoo/resnet152_v2/weights/imagenet.json"
};
static const unsigned char resnet18_model[] = {
#embed "../../zoo/resnet18/model.json"
};
static const unsigned char resnet18_weights_torchvision[] = {
#embed "../../zoo/resnet18/weights/torchvision.json"
};
static const unsigned char resnet34_model[] = {
#embed "../../zoo/resnet34/model.json"
};
static const unsigned char resnet34_weights_torchvision[] = {
#embed "../../zoo/resnet34/weights/torchvision.json"
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
static const unsigned char resnet50_weights_torchvision[] = {
#embed "../../zoo/resnet50/weights/torchvision.json"
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
static const unsigned char resnet50_v2_model[] = {
#embed "../../zoo/resnet50_v2/model.json"
};
static const unsigned char resnet50_v2_weights_imagenet[] = {
#embed "../../zoo/resnet50_v2/weights/imagenet.json"
};
static const unsigned char shapes_txt[] = {
#embed "../../zoo/shapes.txt"
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
static const unsigned char squeezenet_weights_torchvision[] = {
#embed "../../zoo/squeezenet/weights/torchvision.json"
};
static const unsigned char squeezenet_1_0_model[] = {
#embed "../../zoo/squeezenet_1.0/model.json"
};
static const unsigned char squeezenet_1_0_weights_torchvision[] = {
#embed "../../zoo/squeezenet_1.0/weights/torchvision.json"
};
static const unsigned char vgg11_model[] = {
#embed "../../zoo/vgg11/model.json"
};
static const unsigned char vgg11_weights_timm[] = {
#embed "../../zoo/vgg11/weights/timm.json"
};
static const unsigned char vgg11_weights_torchvision[] = {
#embed "../../zoo/vgg11/weights/torchvision.json"
};
static const unsigned char vgg11_bn_model[] = {
#embed "../../zoo/vgg11_bn/model.json"
};
static const unsigned char vgg11_bn_weights_timm[] = {
#embed "../../zoo/vgg11_bn/weights/timm.json"
};
static const unsigned char vgg11_bn_weights_torchvision[] = {
#embed "../../zoo/vgg11_bn/weights/torchvision.json"
};
static const unsigned char vgg13_model[] = {
#embed "../../zoo/vgg13/model.json"
};
static const unsigned char vgg13_weights_timm[] = {
#embed "../../zoo/vgg13/weights/timm.json"
};
static const unsigned char vgg13_weights_torchvision[] = {
#embed "../../zoo/vgg13/weights/torchvision.json"
};
static const unsigned char vgg13_bn_model[] = {
#embed "../../zoo/vgg13_bn/model.json"
};
static const unsigned char vgg13_bn_weights_timm[] = {
#embed "../../zoo/vgg13_bn/weights/timm.json"
};
static const unsigned char vgg13_bn_weights_torchvision[] = {
#embed "../../zoo/vgg13_bn/weights/torchvision.json"
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
static const unsigned char vgg16_weights_timm[] = {
#embed "../../zoo/vgg16/weights/timm.json"
};
static const unsigned char vgg16_weights_torchvision[] = {
#embed "../../zoo/vgg16/weights/torchvision.json"
};
static const unsigned char vgg16_weights_v0_1_tf[] = {
#embed "../../zoo/vgg16/weights/v0.1-tf.json"
};
static const unsigned char vgg16_weights_v0_1_th[] = {
#embed "../../zoo/vgg16/weights/v0.1-th.json"
};
static const unsigned char vgg16_bn_model[] = {
#embed "../../zoo/vgg16_bn/model.json"
};
static const unsigned char vgg16_bn_weights_timm[] = {
#embed "../../zoo/vgg16_bn/weights/timm.json"
};
static const unsigned char vgg16_bn_weights_torchvision[] = {
#embed "../../zoo/vgg16_bn/weights/torchvision.json"
};
static const unsigned char vgg19_model[] = {
#embed "../../zoo/vgg19/model.json"
};
static const unsigned char vgg19_weights_imagenet[] = {
#embed "../../zoo/vgg19/weights/imagenet.json"
};
static const unsigned char vgg19_weights_timm[] = {
#embed "../../zoo/vgg19/weights/timm.json"
};
static const unsigned char vgg19_weights_torchvision[] = {
#embed "../../zoo/vgg19/weights/torchvision.json"
};
static const unsigned char vgg19_bn_model[] = {
#embed "../../zoo/vgg19_bn/model.json"
};
static const unsigned char vgg19_bn_weights_timm[] = {
#embed "../../zoo/vgg19_bn/weights/timm.json"
};
static const unsigned char vgg19_bn_weights_torchvision[] = {
#embed "../../zoo/vgg19_bn/weights/torchvision.json"
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
static const unsigned char xception_weights_timm[] = {
#embed "../../zoo/xception/weights/timm.json"
};
static const unsigned char xception_weights_v0_4_tf[] = {
#embed "../../zoo/xception/weights/v0.4-tf.json"
};

static const struct catalog_file files[] = {
    {"convnext_base/model.json", convnext_base_model, sizeof convnext_base_model},
    {"convnext_base/weights/imagenet.json", convnext_base_weights_imagenet, sizeof convnext_base_weights_imagenet},
    {"convnext_base/weights/timm.json", convnext_base_weights_timm, sizeof convnext_base_weights_timm},
    {"convnext_base/weights/torchvision.json", convnext_base_weights_torchvision, sizeof convnext_base_weights_torchvision},
    {"convnext_large/model.json", convnext_large_model, sizeof convnext_large_model},
    {"convnext_large/weights/imagenet.json", convnext_large_weights_imagenet, sizeof convnext_large_weights_imagenet},
    {"convnext_large/weights/timm.json", convnext_large_weights_timm, sizeof convnext_large_weights_timm},
    {"convnext_large/weights/torchvision.json", convnext_large_weights_torchvision, sizeof convnext_large_weights_torchvision},
    {"convnext_small/model.json", convnext_small_model, sizeof convnext_small_model},
    {"convnext_small/weights/imagenet.json", convnext_small_weights_imagenet, sizeof convnext_small_weights_imagenet},
    {"convnext_small/weights/timm.json", convnext_small_weights_timm, sizeof convnext_small_weights_timm},
    {"convnext_small/weights/torchvision.json", convnext_small_weights_torchvision, sizeof convnext_small_weights_torchvision},
    {"convnext_tiny/model.json", convnext_tiny_model, sizeof convnext_tiny_model},
    {"convnext_tiny/weights/imagenet.json", convnext_tiny_weights_imagenet, sizeof convnext_tiny_weights_imagenet},
    {"convnext_tiny/weights/timm.json", convnext_tiny_weights_timm, sizeof convnext_tiny_weights_timm},
    {"convnext_tiny/weights/torchvision.json", convnext_tiny_weights_torchvision, sizeof convnext_tiny_weights_torchvision},
    {"convnext_xlarge/model.json", convnext_xlarge_model, sizeof convnext_xlarge_model},
    {"convnext_xlarge/weights/imagenet.json", convnext_xlarge_weights_imagenet, sizeof convnext_xlarge_weights_imagenet},
    {"convnext_xlarge/weights/timm.json", convnext_xlarge_weights_timm, sizeof convnext_xlarge_weights_timm},
    {"densenet121/model.json", densenet121_model, sizeof densenet121_model},
    {"densenet121/weights/imagenet.json", densenet121_weights_imagenet, sizeof densenet121_weights_imagenet},
    {"densenet121/weights/torchvision.json", densenet121_weights_torchvision, sizeof densenet121_weights_torchvision},
    {"densenet169/model.json", densenet169_model, sizeof densenet169_model},
    {"densenet169/weights/imagenet.json", densenet169_weights_imagenet, sizeof densenet169_weights_imagenet},
    {"densenet169/weights/torchvision.json", densenet169_weights_torchvision, sizeof densenet169_weights_torchvision},
    {"densenet201/model.json", densenet201_model, sizeof densenet201_model},
    {"densenet201/weights/imagenet.json", densenet201_weights_imagenet, sizeof densenet201_weights_imagenet},
    {"densenet201/weights/torchvision.json", densenet201_weights_torchvision, sizeof densenet201_weights_torchvision},
    {"efficientnet_b0/model.json", efficientnet_b0_model, sizeof efficientnet_b0_model},
    {"efficientnet_b0/weights/imagenet.json", efficientnet_b0_weights_imagenet, sizeof efficientnet_b0_weights_imagenet},
    {"efficientnet_b0/weights/timm-tf.json", efficientnet_b0_weights_timm_tf, sizeof efficientnet_b0_weights_timm_tf},
    {"efficientnet_b0/weights/timm.json", efficientnet_b0_weights_timm, sizeof efficientnet_b0_weights_timm},
    {"efficientnet_b0/weights/torchvision.json", efficientnet_b0_weights_torchvision, sizeof efficientnet_b0_weights_torchvision},
    {"efficientnet_b1/model.json", efficientnet_b1_model, sizeof efficientnet_b1_model},
    {"efficientnet_b1/weights/imagenet.json", efficientnet_b1_weights_imagenet, sizeof efficientnet_b1_weights_imagenet},
    {"efficientnet_b1/weights/timm-tf.json", efficientnet_b1_weights_timm_tf, sizeof efficientnet_b1_weights_timm_tf},
    {"efficientnet_b1/weights/timm.json", efficientnet_b1_weights_timm, sizeof efficientnet_b1_weights_timm},
    {"efficientnet_b1/weights/torchvision.json", efficientnet_b1_weights_torchvision, sizeof efficientnet_b1_weights_torchvision},
    {"efficientnet_b2/model.json", efficientnet_b2_model, sizeof efficientnet_b2_model},
    {"efficientnet_b2/weights/imagenet.json", efficientnet_b2_weights_imagenet, sizeof efficientnet_b2_weights_imagenet},
    {"efficientnet_b2/weights/timm-tf.json", efficientnet_b2_weights_timm_tf, sizeof efficientnet_b2_weights_timm_tf},
    {"efficientnet_b2/weights/timm.json", efficientnet_b2_weights_timm, sizeof efficientnet_b2_weights_timm},
    {"efficientnet_b2/weights/torchvision.json", efficientnet_b2_weights_torchvision, sizeof efficientnet_b2_weights_torchvision},
    {"efficientnet_b3/model.json", efficientnet_b3_model, sizeof efficientnet_b3_model},
    {"efficientnet_b3/weights/imagenet.json", efficientnet_b3_weights_imagenet, sizeof efficientnet_b3_weights_imagenet},
    {"efficientnet_b3/weights/timm-tf.json", efficientnet_b3_weights_timm_tf, sizeof efficientnet_b3_weights_timm_tf},
    {"efficientnet_b3/weights/timm.json", efficientnet_b3_weights_timm, sizeof efficientnet_b3_weights_timm},
    {"efficientnet_b3/weights/torchvision.json", efficientnet_b3_weights_torchvision, sizeof efficientnet_b3_weights_torchvision},
    {"efficientnet_b4/model.json", efficientnet_b4_model, sizeof efficientnet_b4_model},
    {"efficientnet_b4/weights/imagenet.json", efficientnet_b4_weights_imagenet, sizeof efficientnet_b4_weights_imagenet},
    {"efficientnet_b4/weights/timm-tf.json", efficientnet_b4_weights_timm_tf, sizeof efficientnet_b4_weights_timm_tf},
    {"efficientnet_b4/weights/timm.json", efficientnet_b4_weights_timm, sizeof efficientnet_b4_weights_timm},
    {"efficientnet_b4/weights/torchvision.json", efficientnet_b4_weights_torchvision, sizeof efficientnet_b4_weights_torchvision},
    {"efficientnet_b5/model.json", efficientnet_b5_model, sizeof efficientnet_b5_model},
    {"efficientnet_b5/weights/imagenet.json", efficientnet_b5_weights_imagenet, sizeof efficientnet_b5_weights_imagenet},
    {"efficientnet_b5/weights/timm-tf.json", efficientnet_b5_weights_timm_tf, sizeof efficientnet_b5_weights_timm_tf},
    {"efficientnet_b5/weights/timm.json", efficientnet_b5_weights_timm, sizeof efficientnet_b5_weights_timm},
    {"efficientnet_b5/weights/torchvision.json", efficientnet_b5_weights_torchvision, sizeof efficientnet_b5_weights_torchvision},
    {"efficientnet_b6/model.json", efficientnet_b6_model, sizeof efficientnet_b6_model},
    {"efficientnet_b6/weights/imagenet.json", efficientnet_b6_weights_imagenet, sizeof efficientnet_b6_weights_imagenet},
    {"efficientnet_b6/weights/timm-tf.json", efficientnet_b6_weights_timm_tf, sizeof efficientnet_b6_weights_timm_tf},
    {"efficientnet_b6/weights/torchvision.json", efficientnet_b6_weights_torchvision, sizeof efficientnet_b6_weights_torchvision},
    {"efficientnet_b7/model.json", efficientnet_b7_model, sizeof efficientnet_b7_model},
    {"efficientnet_b7/weights/imagenet.json", efficientnet_b7_weights_imagenet, sizeof efficientnet_b7_weights_imagenet},
    {"efficientnet_b7/weights/timm-tf.json", efficientnet_b7_weights_timm_tf, sizeof efficientnet_b7_weights_timm_tf},
    {"efficientnet_b7/weights/torchvision.json", efficientnet_b7_weights_torchvision, sizeof efficientnet_b7_weights_torchvision},
    {"efficientnet_v2_b0/model.json", efficientnet_v2_b0_model, sizeof efficientnet_v2_b0_model},
    {"efficientnet_v2_b0/weights/imagenet.json", efficientnet_v2_b0_weights_imagenet, sizeof efficientnet_v2_b0_weights_imagenet},
    {"efficientnet_v2_b0/weights/timm.json", efficientnet_v2_b0_weights_timm, sizeof efficientnet_v2_b0_weights_timm},
    {"efficientnet_v2_b1/model.json", efficientnet_v2_b1_model, sizeof efficientnet_v2_b1_model},
    {"efficientnet_v2_b1/weights/imagenet.json", efficientnet_v2_b1_weights_imagenet, sizeof efficientnet_v2_b1_weights_imagenet},
    {"efficientnet_v2_b1/weights/timm.json", efficientnet_v2_b1_weights_timm, sizeof efficientnet_v2_b1_weights_timm},
    {"efficientnet_v2_b2/model.json", efficientnet_v2_b2_model, sizeof efficientnet_v2_b2_model},
    {"efficientnet_v2_b2/weights/imagenet.json", efficientnet_v2_b2_weights_imagenet, sizeof efficientnet_v2_b2_weights_imagenet},
    {"efficientnet_v2_b2/weights/timm.json", efficientnet_v2_b2_weights_timm, sizeof efficientnet_v2_b2_weights_timm},
    {"efficientnet_v2_b3/model.json", efficientnet_v2_b3_model, sizeof efficientnet_v2_b3_model},
    {"efficientnet_v2_b3/weights/imagenet.json", efficientnet_v2_b3_weights_imagenet, sizeof efficientnet_v2_b3_weights_imagenet},
    {"efficientnet_v2_b3/weights/timm.json", efficientnet_v2_b3_weights_timm, sizeof efficientnet_v2_b3_weights_timm},
    {"efficientnet_v2_l/model.json", efficientnet_v2_l_model, sizeof efficientnet_v2_l_model},
    {"efficientnet_v2_l/weights/imagenet.json", efficientnet_v2_l_weights_imagenet, sizeof efficientnet_v2_l_weights_imagenet},
    {"efficientnet_v2_l/weights/timm.json", efficientnet_v2_l_weights_timm, sizeof efficientnet_v2_l_weights_timm},
    {"efficientnet_v2_l/weights/torchvision.json", efficientnet_v2_l_weights_torchvision, sizeof efficientnet_v2_l_weights_torchvision},
    {"efficientnet_v2_m/model.json", efficientnet_v2_m_model, sizeof efficientnet_v2_m_model},
    {"efficientnet_v2_m/weights/imagenet.json", efficientnet_v2_m_weights_imagenet, sizeof efficientnet_v2_m_weights_imagenet},
    {"efficientnet_v2_m/weights/timm.json", efficientnet_v2_m_weights_timm, sizeof efficientnet_v2_m_weights_timm},
    {"efficientnet_v2_m/weights/torchvision.json", efficientnet_v2_m_weights_torchvision, sizeof efficientnet_v2_m_weights_torchvision},
    {"efficientnet_v2_s/model.json", efficientnet_v2_s_model, sizeof efficientnet_v2_s_model},
    {"efficientnet_v2_s/weights/imagenet.json", efficientnet_v2_s_weights_imagenet, sizeof efficientnet_v2_s_weights_imagenet},
    {"efficientnet_v2_s/weights/timm.json", efficientnet_v2_s_weights_timm, sizeof efficientnet_v2_s_weights_timm},
    {"efficientnet_v2_s/weights/torchvision.json", efficientnet_v2_s_weights_torchvision, sizeof efficientnet_v2_s_weights_torchvision},
    {"inception_resnet_v2/model.json", inception_resnet_v2_model, sizeof inception_resnet_v2_model},
    {"inception_resnet_v2/weights/imagenet.json", inception_resnet_v2_weights_imagenet, sizeof inception_resnet_v2_weights_imagenet},
    {"inception_resnet_v2/weights/timm.json", inception_resnet_v2_weights_timm, sizeof inception_resnet_v2_weights_timm},
    {"inception_v3/model.json", inception_v3_model, sizeof inception_v3_model},
    {"inception_v3/weights/keras2.json", inception_v3_weights_keras2, sizeof inception_v3_weights_keras2},
    {"inception_v3/weights/keras3.json", inception_v3_weights_keras3, sizeof inception_v3_weights_keras3},
    {"inception_v3/weights/tf-keras2.json", inception_v3_weights_tf_keras2, sizeof inception_v3_weights_tf_keras2},
    {"inception_v3/weights/torchvision-plain.json", inception_v3_weights_torchvision_plain, sizeof inception_v3_weights_torchvision_plain},
    {"inception_v3/weights/torchvision.json", inception_v3_weights_torchvision, sizeof inception_v3_weights_torchvision},
    {"inception_v3/weights/v0.5-tf.json", inception_v3_weights_v0_5_tf, sizeof inception_v3_weights_v0_5_tf},
    {"inception_v3_v02/model.json", inception_v3_v02_model, sizeof inception_v3_v02_model},
    {"inception_v3_v02/weights/keras1.json", inception_v3_v02_weights_keras1, sizeof inception_v3_v02_weights_keras1},
    {"inception_v3_v02/weights/v0.2-tf.json", inception_v3_v02_weights_v0_2_tf, sizeof inception_v3_v02_weights_v0_2_tf},
    {"inception_v3_v02/weights/v0.2-th.json", inception_v3_v02_weights_v0_2_th, sizeof inception_v3_v02_weights_v0_2_th},
    {"keras-classes.json", keras_classes, sizeof keras_classes},
    {"mobilenet/model.json", mobilenet_model, sizeof mobilenet_model},
    {"mobilenet/weights/imagenet.json", mobilenet_weights_imagenet, sizeof mobilenet_weights_imagenet},
    {"mobilenet/weights/timm.json", mobilenet_weights_timm, sizeof mobilenet_weights_timm},
    {"mobilenet_0.25/model.json", mobilenet_0_25_model, sizeof mobilenet_0_25_model},
    {"mobilenet_0.25/weights/imagenet.json", mobilenet_0_25_weights_imagenet, sizeof mobilenet_0_25_weights_imagenet},
    {"mobilenet_0.5/model.json", mobilenet_0_5_model, sizeof mobilenet_0_5_model},
    {"mobilenet_0.5/weights/imagenet.json", mobilenet_0_5_weights_imagenet, sizeof mobilenet_0_5_weights_imagenet},
    {"mobilenet_0.75/model.json", mobilenet_0_75_model, sizeof mobilenet_0_75_model},
    {"mobilenet_0.75/weights/imagenet.json", mobilenet_0_75_weights_imagenet, sizeof mobilenet_0_75_weights_imagenet},
    {"mobilenet_v2/model.json", mobilenet_v2_model, sizeof mobilenet_v2_model},
    {"mobilenet_v2/weights/imagenet.json", mobilenet_v2_weights_imagenet, sizeof mobilenet_v2_weights_imagenet},
    {"mobilenet_v2/weights/timm.json", mobilenet_v2_weights_timm, sizeof mobilenet_v2_weights_timm},
    {"mobilenet_v2/weights/torchvision.json", mobilenet_v2_weights_torchvision, sizeof mobilenet_v2_weights_torchvision},
    {"mobilenet_v2_0.35/model.json", mobilenet_v2_0_35_model, sizeof mobilenet_v2_0_35_model},
    {"mobilenet_v2_0.35/weights/imagenet.json", mobilenet_v2_0_35_weights_imagenet, sizeof mobilenet_v2_0_35_weights_imagenet},
    {"mobilenet_v2_0.35/weights/timm.json", mobilenet_v2_0_35_weights_timm, sizeof mobilenet_v2_0_35_weights_timm},
    {"mobilenet_v2_0.5/model.json", mobilenet_v2_0_5_model, sizeof mobilenet_v2_0_5_model},
    {"mobilenet_v2_0.5/weights/imagenet.json", mobilenet_v2_0_5_weights_imagenet, sizeof mobilenet_v2_0_5_weights_imagenet},
    {"mobilenet_v2_0.5/weights/timm.json", mobilenet_v2_0_5_weights_timm, sizeof mobilenet_v2_0_5_weights_timm},
    {"mobilenet_v2_0.75/model.json", mobilenet_v2_0_75_model, sizeof mobilenet_v2_0_75_model},
    {"mobilenet_v2_0.75/weights/imagenet.json", mobilenet_v2_0_75_weights_imagenet, sizeof mobilenet_v2_0_75_weights_imagenet},
    {"mobilenet_v2_0.75/weights/timm.json", mobilenet_v2_0_75_weights_timm, sizeof mobilenet_v2_0_75_weights_timm},
    {"mobilenet_v2_1.3/model.json", mobilenet_v2_1_3_model, sizeof mobilenet_v2_1_3_model},
    {"mobilenet_v2_1.3/weights/imagenet.json", mobilenet_v2_1_3_weights_imagenet, sizeof mobilenet_v2_1_3_weights_imagenet},
    {"mobilenet_v2_1.4/model.json", mobilenet_v2_1_4_model, sizeof mobilenet_v2_1_4_model},
    {"mobilenet_v2_1.4/weights/imagenet.json", mobilenet_v2_1_4_weights_imagenet, sizeof mobilenet_v2_1_4_weights_imagenet},
    {"mobilenet_v2_1.4/weights/timm.json", mobilenet_v2_1_4_weights_timm, sizeof mobilenet_v2_1_4_weights_timm},
    {"mobilenet_v3_large/model.json", mobilenet_v3_large_model, sizeof mobilenet_v3_large_model},
    {"mobilenet_v3_large/weights/imagenet.json", mobilenet_v3_large_weights_imagenet, sizeof mobilenet_v3_large_weights_imagenet},
    {"mobilenet_v3_large/weights/timm-tf.json", mobilenet_v3_large_weights_timm_tf, sizeof mobilenet_v3_large_weights_timm_tf},
    {"mobilenet_v3_large/weights/timm.json", mobilenet_v3_large_weights_timm, sizeof mobilenet_v3_large_weights_timm},
    {"mobilenet_v3_large/weights/torchvision.json", mobilenet_v3_large_weights_torchvision, sizeof mobilenet_v3_large_weights_torchvision},
    {"mobilenet_v3_large_0.75/model.json", mobilenet_v3_large_0_75_model, sizeof mobilenet_v3_large_0_75_model},
    {"mobilenet_v3_large_0.75/weights/imagenet.json", mobilenet_v3_large_0_75_weights_imagenet, sizeof mobilenet_v3_large_0_75_weights_imagenet},
    {"mobilenet_v3_large_0.75/weights/timm-tf.json", mobilenet_v3_large_0_75_weights_timm_tf, sizeof mobilenet_v3_large_0_75_weights_timm_tf},
    {"mobilenet_v3_large_0.75/weights/timm.json", mobilenet_v3_large_0_75_weights_timm, sizeof mobilenet_v3_large_0_75_weights_timm},
    {"mobilenet_v3_large_minimal/model.json", mobilenet_v3_large_minimal_model, sizeof mobilenet_v3_large_minimal_model},
    {"mobilenet_v3_large_minimal/weights/imagenet.json", mobilenet_v3_large_minimal_weights_imagenet, sizeof mobilenet_v3_large_minimal_weights_imagenet},
    {"mobilenet_v3_large_minimal/weights/timm-tf.json", mobilenet_v3_large_minimal_weights_timm_tf, sizeof mobilenet_v3_large_minimal_weights_timm_tf},
    {"mobilenet_v3_small/model.json", mobilenet_v3_small_model, sizeof mobilenet_v3_small_model},
    {"mobilenet_v3_small/weights/imagenet.json", mobilenet_v3_small_weights_imagenet, sizeof mobilenet_v3_small_weights_imagenet},
    {"mobilenet_v3_small/weights/timm-tf.json", mobilenet_v3_small_weights_timm_tf, sizeof mobilenet_v3_small_weights_timm_tf},
    {"mobilenet_v3_small/weights/timm.json", mobilenet_v3_small_weights_timm, sizeof mobilenet_v3_small_weights_timm},
    {"mobilenet_v3_small/weights/torchvision.json", mobilenet_v3_small_weights_torchvision, sizeof mobilenet_v3_small_weights_torchvision},
    {"mobilenet_v3_small_0.75/model.json", mobilenet_v3_small_0_75_model, sizeof mobilenet_v3_small_0_75_model},
    {"mobilenet_v3_small_0.75/weights/imagenet.json", mobilenet_v3_small_0_75_weights_imagenet, sizeof mobilenet_v3_small_0_75_weights_imagenet},
    {"mobilenet_v3_small_0.75/weights/timm-tf.json", mobilenet_v3_small_0_75_weights_timm_tf, sizeof mobilenet_v3_small_0_75_weights_timm_tf},
    {"mobilenet_v3_small_0.75/weights/timm.json", mobilenet_v3_small_0_75_weights_timm, sizeof mobilenet_v3_small_0_75_weights_timm},
    {"mobilenet_v3_small_minimal/model.json", mobilenet_v3_small_minimal_model, sizeof mobilenet_v3_small_minimal_model},
    {"mobilenet_v3_small_minimal/weights/imagenet.json", mobilenet_v3_small_minimal_weights_imagenet, sizeof mobilenet_v3_small_minimal_weights_imagenet},
    {"mobilenet_v3_small_minimal/weights/timm-tf.json", mobilenet_v3_small_minimal_weights_timm_tf, sizeof mobilenet_v3_small_minimal_weights_timm_tf},
    {"nasnet_large/model.json", nasnet_large_model, sizeof nasnet_large_model},
    {"nasnet_large/weights/imagenet.json", nasnet_large_weights_imagenet, sizeof nasnet_large_weights_imagenet},
    {"nasnet_mobile/model.json", nasnet_mobile_model, sizeof nasnet_mobile_model},
    {"nasnet_mobile/weights/imagenet.json", nasnet_mobile_weights_imagenet, sizeof nasnet_mobile_weights_imagenet},
    {"networks.txt", networks_txt, sizeof networks_txt},
    {"resnet101/model.json", resnet101_model, sizeof resnet101_model},
    {"resnet101/weights/imagenet.json", resnet101_weights_imagenet, sizeof resnet101_weights_imagenet},
    {"resnet101/weights/torchvision.json", resnet101_weights_torchvision, sizeof resnet101_weights_torchvision},
    {"resnet101_v2/model.json", resnet101_v2_model, sizeof resnet101_v2_model},
    {"resnet101_v2/weights/imagenet.json", resnet101_v2_weights_imagenet, sizeof resnet101_v2_weights_imagenet},
    {"resnet152/model.json", resnet152_model, sizeof resnet152_model},
    {"resnet152/weights/imagenet.json", resnet152_weights_imagenet, sizeof resnet152_weights_imagenet},
    {"resnet152/weights/torchvision.json", resnet152_weights_torchvision, sizeof resnet152_weights_torchvision},
    {"resnet152_v2/model.json", resnet152_v2_model, sizeof resnet152_v2_model},
    {"resnet152_v2/weights/imagenet.json", resnet152_v2_weights_imagenet, sizeof resnet152_v2_weights_imagenet},
    {"resnet18/model.json", resnet18_model, sizeof resnet18_model},
    {"resnet18/weights/torchvision.json", resnet18_weights_torchvision, sizeof resnet18_weights_torchvision},
    {"resnet34/model.json", resnet34_model, sizeof resnet34_model},
    {"resnet34/weights/torchvision.json", resnet34_weights_torchvision, sizeof resnet34_weights_torchvision},
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
    {"resnet50/weights/torchvision.json", resnet50_weights_torchvision, sizeof resnet50_weights_torchvision},
    {"resnet50/weights/v0.1-tf.json", resnet50_weights_v0_1_tf, sizeof resnet50_weights_v0_1_tf},
    {"resnet50/weights/v0.1-th.json", resnet50_weights_v0_1_th, sizeof resnet50_weights_v0_1_th},
    {"resnet50/weights/v0.2-tf.json", resnet50_weights_v0_2_tf, sizeof resnet50_weights_v0_2_tf},
    {"resnet50/weights/v0.2-th.json", resnet50_weights_v0_2_th, sizeof resnet50_weights_v0_2_th},
    {"resnet50_v2/model.json", resnet50_v2_model, sizeof resnet50_v2_model},
    {"resnet50_v2/weights/imagenet.json", resnet50_v2_weights_imagenet, sizeof resnet50_v2_weights_imagenet},
    {"shapes.txt", shapes_txt, sizeof shapes_txt},
    {"squeezenet/model.json", squeezenet_model, sizeof squeezenet_model},
    {"squeezenet/weights/deepcognition-tf.json", squeezenet_weights_deepcognition_tf, sizeof squeezenet_weights_deepcognition_tf},
    {"squeezenet/weights/deepcognition-th.json", squeezenet_weights_deepcognition_th, sizeof squeezenet_weights_deepcognition_th},
    {"squeezenet/weights/rcmalli-tf.json", squeezenet_weights_rcmalli_tf, sizeof squeezenet_weights_rcmalli_tf},
    {"squeezenet/weights/torchvision.json", squeezenet_weights_torchvision, sizeof squeezenet_weights_torchvision},
    {"squeezenet_1.0/model.json", squeezenet_1_0_model, sizeof squeezenet_1_0_model},
    {"squeezenet_1.0/weights/torchvision.json", squeezenet_1_0_weights_torchvision, sizeof squeezenet_1_0_weights_torchvision},
    {"vgg11/model.json", vgg11_model, sizeof vgg11_model},
    {"vgg11/weights/timm.json", vgg11_weights_timm, sizeof vgg11_weights_timm},
    {"vgg11/weights/torchvision.json", vgg11_weights_torchvision, sizeof vgg11_weights_torchvision},
    {"vgg11_bn/model.json", vgg11_bn_model, sizeof vgg11_bn_model},
    {"vgg11_bn/weights/timm.json", vgg11_bn_weights_timm, sizeof vgg11_bn_weights_timm},
    {"vgg11_bn/weights/torchvision.json", vgg11_bn_weights_torchvision, sizeof vgg11_bn_weights_torchvision},
    {"vgg13/model.json", vgg13_model, sizeof vgg13_model},
    {"vgg13/weights/timm.json", vgg13_weights_timm, sizeof vgg13_weights_timm},
    {"vgg13/weights/torchvision.json", vgg13_weights_torchvision, sizeof vgg13_weights_torchvision},
    {"vgg13_bn/model.json", vgg13_bn_model, sizeof vgg13_bn_model},
    {"vgg13_bn/weights/timm.json", vgg13_bn_weights_timm, sizeof vgg13_bn_weights_timm},
    {"vgg13_bn/weights/torchvision.json", vgg13_bn_weights_torchvision, sizeof vgg13_bn_weights_torchvision},
    {"vgg16/model.json", vgg16_model, sizeof vgg16_model},
    {"vgg16/weights/keras1.json", vgg16_weights_keras1, sizeof vgg16_weights_keras1},
    {"vgg16/weights/keras2.json", vgg16_weights_keras2, sizeof vgg16_weights_keras2},
    {"vgg16/weights/keras3.json", vgg16_weights_keras3, sizeof vgg16_weights_keras3},
    {"vgg16/weights/timm.json", vgg16_weights_timm, sizeof vgg16_weights_timm},
    {"vgg16/weights/torchvision.json", vgg16_weights_torchvision, sizeof vgg16_weights_torchvision},
    {"vgg16/weights/v0.1-tf.json", vgg16_weights_v0_1_tf, sizeof vgg16_weights_v0_1_tf},
    {"vgg16/weights/v0.1-th.json", vgg16_weights_v0_1_th, sizeof vgg16_weights_v0_1_th},
    {"vgg16_bn/model.json", vgg16_bn_model, sizeof vgg16_bn_model},
    {"vgg16_bn/weights/timm.json", vgg16_bn_weights_timm, sizeof vgg16_bn_weights_timm},
    {"vgg16_bn/weights/torchvision.json", vgg16_bn_weights_torchvision, sizeof vgg16_bn_weights_torchvision},
    {"vgg19/model.json", vgg19_model, sizeof vgg19_model},
    {"vgg19/weights/imagenet.json", vgg19_weights_imagenet, sizeof vgg19_weights_imagenet},
    {"vgg19/weights/timm.json", vgg19_weights_timm, sizeof vgg19_weights_timm},
    {"vgg19/weights/torchvision.json", vgg19_weights_torchvision, sizeof vgg19_weights_torchvision},
    {"vgg19_bn/model.json", vgg19_bn_model, sizeof vgg19_bn_model},
    {"vgg19_bn/weights/timm.json", vgg19_bn_weights_timm, sizeof vgg19_bn_weights_timm},
    {"vgg19_bn/weights/torchvision.json", vgg19_bn_weights_torchvision, sizeof vgg19_bn_weights_torchvision},
    {"xception/model.json", xception_model, sizeof xception_model},
    {"xception/weights/keras1.json", xception_weights_keras1, sizeof xception_weights_keras1},
    {"xception/weights/keras2.json", xception_weights_keras2, sizeof xception_weights_keras2},
    {"xception/weights/keras3.json", xception_weights_keras3, sizeof xception_weights_keras3},
    {"xception/weights/tf-keras2.json", xception_weights_tf_keras2, sizeof xception_weights_tf_keras2},
    {"xception/weights/timm.json", xception_weights_timm, sizeof xception_weights_timm},
    {"xception/weights/v0.4-tf.json", xception_weights_v0_4_tf, sizeof xception_weights_v0_4_tf},
};
const struct catalog_file *const catalog_files = files;
const size_t catalog_file_count = sizeof files / sizeof *files;
