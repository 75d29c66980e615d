// KerasWeights
