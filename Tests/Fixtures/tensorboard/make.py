"""Writes events with TensorFlow's summary writer: what our event files must equal byte for byte.

Only the wall times are replaced, by 1700000000.25 plus the event's number.
"""
import glob
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.core.util import event_pb2

here = os.path.dirname(os.path.abspath(__file__))
images = (np.arange(2 * 4 * 5 * 3) * 37 % 251).astype(np.uint8).reshape(2, 4, 5, 3)
encoded = [tf.io.encode_png(one).numpy() for one in images]
for index, png in enumerate(encoded):
    open(os.path.join(here, f"image{index}.png"), "wb").write(png)
kernel = ((np.arange(360) * 37 % 101) / 64 - 0.75).astype(np.float32)

with tempfile.TemporaryDirectory() as folder:
    writer = tf.summary.create_file_writer(folder)
    with writer.as_default():
        tf.summary.scalar("epoch_loss", 0.6931472, step=0)
        tf.summary.scalar("epoch_accuracy", 0.9563, step=1)
        tf.summary.scalar("epoch_learning_rate", 1e-3, step=300)
        tf.summary.histogram("dense/kernel/histogram", kernel, step=12)
        tf.summary.histogram("dense/bias/histogram", np.full(4, 0.5, np.float32), step=12)
        tf.summary.image("mistakes", images, step=2, max_outputs=5)
    writer.close()
    (path,) = glob.glob(os.path.join(folder, "*.v2"))
    events = [event_pb2.Event.FromString(r.numpy()) for r in tf.data.TFRecordDataset(path)]

start = event_pb2.Event(step=9, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
events.append(start)
with tf.io.TFRecordWriter(os.path.join(here, "expected.tfevents")) as out:
    for index, event in enumerate(events):
        event.wall_time = 1700000000.25 + index
        out.write(event.SerializeToString())
