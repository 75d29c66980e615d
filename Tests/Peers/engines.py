"""The rivals, each behind the same two methods, and the process that holds one of them.

    python engines.py serve ENGINE MODEL SIZE BATCH THREADS

reads commands from standard input, a line each, and answers with a line each: `features IN.npy OUT.npy`, or
`time SECONDS` (the median milliseconds of a batch). `prepare ENGINE ENTRY SIZE BATCH` makes the model and prints where
it is; `first ENGINE MODEL THREADS IN.npy OUT.npy` computes features once.
"""
import os
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRATCH = ROOT / ".build" / "peers"
SEED = 1


def made(path, export):
    """The file at `path`, made first if it is not there."""
    if not path.exists():
        export(path)
    return path


class Engine:
    """`load` builds it for batches of one size, `run` takes what `arrange` made of images `[N, H, W, 3]`."""

    def arrange(self, images):
        import numpy as np

        return np.ascontiguousarray(images.transpose(0, 3, 1, 2))


class ONNX(Engine):
    @staticmethod
    def prepare(entry, size, batch):
        from onnx_export import export

        return made(SCRATCH / f"{entry}-{size}-{batch}.onnx", lambda path: export(entry, path, SEED, batch, size))


class OnnxRuntime(ONNX):
    """All graph optimisations."""

    name, packages = "ONNX Runtime", ["onnx", "onnxruntime"]

    def load(self, model, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def run(self, images):
        return self.session.run(None, {self.input: images})[0]


class OpenVINO(ONNX):
    name, packages, hint = "OpenVINO", ["onnx", "openvino"], "LATENCY"

    def load(self, model, threads):
        import openvino

        compiled = openvino.Core().compile_model(str(model), "CPU", {
            "PERFORMANCE_HINT": self.hint, "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"})
        self.start(compiled)

    def start(self, compiled):
        self.request = compiled.create_infer_request()

    def run(self, images):
        return next(iter(self.request.infer([images]).values()))


class OpenVINOThroughput(OpenVINO):
    """Image by image, as many at a time as it asks for: what the hint is meant for."""

    name, hint = "OpenVINO throughput", "THROUGHPUT"

    @staticmethod
    def prepare(entry, size, batch):
        return ONNX.prepare(entry, size, 1)

    def start(self, compiled):
        import openvino

        self.queue = openvino.AsyncInferQueue(compiled)
        self.queue.set_callback(self.take)

    def take(self, request, index):
        self.results[index] = request.get_output_tensor().data[0].copy()

    def run(self, images):
        import numpy as np

        self.results = [None] * len(images)
        for index in range(len(images)):
            self.queue.start_async([images[index:index + 1]], index)
        self.queue.wait_all()
        return np.stack(self.results)


class Torch(Engine):
    """Eager, channels last."""

    name, packages, compiles = "PyTorch", ["torch"], False

    @staticmethod
    def prepare(entry, size, batch):
        from torch_export import export

        return made(SCRATCH / f"{entry}.pt", lambda path: export(entry, path, SEED))

    def load(self, model, threads):
        import torch

        torch.set_num_threads(threads)
        self.network = torch.load(model, weights_only=False).to(memory_format=torch.channels_last)
        if self.compiles:
            self.network = torch.compile(self.network)

    def arrange(self, images):
        import torch

        return torch.from_numpy(images.transpose(0, 3, 1, 2)).contiguous(memory_format=torch.channels_last)

    def run(self, images):
        import torch

        with torch.inference_mode():
            return self.network(images).numpy()


class TorchCompiled(Torch):
    name, compiles = "PyTorch compiled", True


class TensorFlow(Engine):
    """`tf.function`."""

    name, packages, jit = "TensorFlow", ["tensorflow", "onnx"], False

    @staticmethod
    def prepare(entry, size, batch):
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        from keras_export import export

        return made(SCRATCH / f"{entry}-{size}.keras", lambda path: export(entry, path, SEED, size))

    def load(self, model, threads):
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        import tensorflow

        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
        import keras

        self.start(keras.models.load_model(model, compile=False))

    def start(self, model):
        import tensorflow

        self.function = tensorflow.function(lambda images: model(images, training=False), jit_compile=self.jit)

    def arrange(self, images):
        import tensorflow

        return tensorflow.constant(images)

    def run(self, images):
        return self.function(images).numpy()


class TensorFlowJIT(TensorFlow):
    """`tf.function(jit_compile=True)`."""

    name, jit = "TensorFlow jit", True


class KerasPredict(TensorFlow):
    """`model.predict`."""

    name = "Keras predict"

    def start(self, model):
        self.model = model

    def arrange(self, images):
        return images

    def run(self, images):
        return self.model.predict(images, batch_size=len(images), verbose=0)


ENGINES = {engine.name: engine for engine in [
    OnnxRuntime, OpenVINO, OpenVINOThroughput, Torch, TorchCompiled, TensorFlow, TensorFlowJIT, KerasPredict]}


def median_milliseconds(engine, images, seconds):
    """As `zoo bench` times: one round that does not count, then at least five and so many seconds."""
    engine.run(images)
    times = []
    while len(times) < 5 or sum(times) < seconds:
        start = time.perf_counter()
        engine.run(images)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def serve(name, model, size, batch, threads):
    import numpy as np
    from synthetic_weights import image_batch

    engine = ENGINES[name]()
    # What engines themselves have to say must not get among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    engine.load(model, threads)
    images = None
    for line in sys.stdin:
        command, *words = line.split()
        if command == "features":
            np.save(words[1], engine.run(engine.arrange(np.load(words[0]))))
            print("done", file=answers, flush=True)
        else:
            images = engine.arrange(image_batch(SEED, batch, size, size)) if images is None else images
            print(median_milliseconds(engine, images, float(words[0])), file=answers, flush=True)


def first_features(name, model, threads, source, target):
    """For the start-up: load, run once, save."""
    import numpy as np

    engine = ENGINES[name]()
    engine.load(model, threads)
    np.save(target, engine.run(engine.arrange(np.load(source))))


sys.path.insert(0, str(ROOT / "Tests" / "Fixtures"))
if __name__ == "__main__":
    verb, name, subject, *rest = sys.argv[1:]
    if verb == "prepare":
        print(ENGINES[name].prepare(subject, *map(int, rest)))
    elif verb == "serve":
        serve(name, subject, *map(int, rest))
    else:
        first_features(name, subject, int(rest[0]), *rest[1:])
