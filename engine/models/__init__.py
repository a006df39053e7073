"""Models: where their weights come from, how they are loaded, and how they are sampled.

registry      a name -> a source: built-in, folder or hub; imports nothing heavy
hub           a hub id -> a local folder, with plain errors
students      models to choose from, with the bytes that each needs here
loading       a source and a precision -> a loaded model and the record of what was done
loaded        the loaded model and its record, as data
libraries     transformers and bitsandbytes, imported quietly
precision     which dtype and which quantization a precision means on a device
memory        bytes that a model takes, counted and foreseen
fourbit       4-bit models that were quantized once, kept as small files
adapter       LoRA weights, put on a model
batches       problems -> batches of prompts, the longest together
sampling      a batch -> answers, K samples a prompt from one prefill
drawing       logits -> tokens, each row by random numbers of its own
kv_cache      the keys and values of a batch, with room to grow
builtin/      the two models that ship, and the recipe that trains them
"""
