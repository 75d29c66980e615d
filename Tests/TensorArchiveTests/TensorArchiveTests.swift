// TensorArchive
