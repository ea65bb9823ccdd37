export { describeStorageModel, type StorageModelOptions } from './model/describe-storage-model.ts';
