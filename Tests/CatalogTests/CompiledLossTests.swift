import Catalog
import Testing

/// What Keras writes of a loss, in each form it has had.
@Suite struct CompiledLossTests {
  @Test(arguments: [
    (#"{"optimizer_config": {}, "loss": "mse"}"#, "mean_squared_error", true),
    (
      #"{"class_name": "Functional", "compile_config": {"loss": "mean_absolute_error"}}"#,
      "mean_absolute_error", true
    ),
    (
      #"{"compile_config": {"loss": {"class_name": "Huber", "config": {"name": "huber_loss"}}}}"#, "huber",
      true
    ),
    (
      #"{"loss": {"class_name": "BinaryCrossentropy", "config": {"name": "binary_crossentropy", "from_logits": true}}}"#,
      "binary_crossentropy", false
    ),
    (#"{"loss": {"module": "builtins", "class_name": "function", "config": "my_loss"}}"#, "my_loss", false),
    (#"{"loss": ["mse"]}"#, "mean_squared_error", true),
    (#"{"loss": {"ages": "mae"}}"#, "mean_absolute_error", true),
    (
      #"{"loss": [{"class_name": "MeanSquaredError", "config": {"name": "my"}}]}"#, "mean_squared_error", true
    ),
    (#"{"loss": "cosine_similarity"}"#, "cosine_similarity", true),
  ])
  func isReadFromEachForm(json: String, name: String, isOfRegression: Bool) throws {
    let loss = try #require(CompiledLoss(json: json))
    #expect(loss.name == name && loss.isOfRegression == isOfRegression)
  }

  /// Keras's own names, long and short, and those of others for the same.
  @Test(arguments: [
    (
      ["bce", "BCE", "BinaryCrossentropy", "binary_focal_crossentropy", "BinaryFocalCrossentropy"], true, true
    ),
    (["kld", "KLD", "KLDivergence", "kl_divergence", "kullback_leibler_divergence"], true, false),
    (
      ["categorical_crossentropy", "SparseCategoricalCrossentropy", "categorical_hinge", "Dice", "tversky"],
      true, false
    ),
    (["CategoricalGeneralizedCrossEntropy", "CategoricalFocalCrossentropy", "squared_hinge"], true, false),
    (
      ["Circle", "circle", "TripletSemiHardLoss", "ContrastiveLoss", "SupConLoss", "ArcFaceLoss"], false,
      false
    ),
  ])
  func saysWhatIsLearnt(names: [String], isOfClasses: Bool, isBinary: Bool) throws {
    for name in names {
      let loss = try #require(CompiledLoss(json: "{\"loss\": \"\(name)\"}"))
      #expect(loss.isOfClasses == isOfClasses && loss.isBinary == isBinary, "\(name)")
      #expect(loss.isOfEmbeddings == !isOfClasses && !loss.isOfRegression, "\(name)")
    }
  }

  /// What compares whole rows of numbers, under its old name as under the new one.
  @Test func regressionsHaveOldNames() {
    for name in ["cosine_proximity", "CosineSimilarity", "MSLE", "logcosh", "huber_loss", "Poisson"] {
      #expect(CompiledLoss(json: "{\"loss\": \"\(name)\"}")?.isOfRegression == true, "\(name)")
    }
  }

  @Test(arguments: [
    "{}", "no JSON", #"{"loss": null}"#, #"{"loss": ["mse", "mae"]}"#, #"{"compile_config": null}"#,
  ])
  func isNoneWhereThereIsNotOne(json: String) { #expect(CompiledLoss(json: json) == nil) }
}
